/**
 * Rates how well a prediction agrees with the gold answer.
 * - The reply is raw: the scorer reads the rating, since the rule differs by mode and benchmark.
 * - Implementations retry what can be retried; an error they throw ends the run.
 */
export interface Judge extends JudgeIdentity {
  /**
   * Present if a reply without a rating is a verdict (the prediction scores lowest), not a failure of the
   * judge.
   */
  readonly rejects?: true;
  /** The reply to one case. */
  rate(judgeCase: JudgeCase, rubric: Rubric): Promise<JudgeReply>;
  /** What asking would cost, without asking; absent for a free judge. */
  estimate?(judgeCase: JudgeCase, rubric: Rubric): Promise<CallEstimate>;
  /** How requests had to be changed to be accepted, for the report; absent if there is only one form. */
  askedAs?(): readonly string[];
}

/** What a report says of its judge. */
export interface JudgeIdentity {
  /** Such as `recorded:calls.json`. */
  readonly id: string;
  /** Whether its scores are comparable with published ones. */
  readonly comparable: boolean;
  /** Why it is not comparable, such as "compares words, not meaning". */
  readonly caveat?: string;
  /** SHA-256 of the prompt, in hex; null for a judge without a prompt. */
  readonly promptHash: string | null;
  /** Base address of the service it asks, if any. */
  readonly endpoint?: string;
}

/** What a judge is asked to rate. */
export interface JudgeCase {
  readonly question: string;
  readonly gold: string;
  readonly prediction: string;
}

/**
 * What is asked of a judge.
 * - `agreement`: how well the prediction agrees with the gold answer, 1 (wrong) to 5 (fully correct).
 * - `coverage`: how much of the gold answer has been said so far, 1 (wrong), 2 (part of it) or 3 (most of
 *   it).
 */
export type Rubric = 'agreement' | 'coverage';

/** A case the judge refused, such as one that is too long; it has no rating. */
export interface NotJudged {
  readonly type: 'not_judged';
  /** In the words of the judge, for the report. */
  readonly reason: string;
}

/** What a judge replies: text, a number from a recording, or a refusal. */
export type JudgeReply = string | number | NotJudged;

/** What asking a judge about one case would cost; all zero if the reply is already known. */
export interface CallEstimate {
  readonly calls: number;
  /** Tokens of the request, estimated. */
  readonly inputTokens: number;
  /** Tokens of the longest allowed reply. */
  readonly outputTokens: number;
}

/** The cost of a reply that is already known. */
export const noCall: CallEstimate = { calls: 0, inputTokens: 0, outputTokens: 0 };

/** The part of a judge that goes into a report. */
export function identityOf({ id, comparable, caveat, promptHash, endpoint }: JudgeIdentity): JudgeIdentity {
  return {
    id,
    comparable,
    ...(caveat === undefined ? {} : { caveat }),
    promptHash,
    ...(endpoint === undefined ? {} : { endpoint }),
  };
}

/** The same case with gold answer and prediction swapped. */
export function swapped({ question, gold, prediction }: JudgeCase): JudgeCase {
  return { question, gold: prediction, prediction: gold };
}

/** A key made from the three texts of a case, for looking up replies. */
export function caseKey({ question, gold, prediction }: JudgeCase): string {
  return JSON.stringify([question, gold, prediction]);
}

/** A key made from a case and the rubric. */
export function requestKey(judgeCase: JudgeCase, rubric: Rubric): string {
  return `${rubric} ${caseKey(judgeCase)}`;
}

/** Names a case for an error message. */
export function describeCase({ question, gold, prediction }: JudgeCase): string {
  const [asked, expected, said] = [question, gold, prediction].map((text) => JSON.stringify(text));
  return `question ${asked}, gold ${expected}, pred ${said}`;
}
