/**
 * Rates how well a prediction agrees with the gold answer.
 * - The reply is raw: reading a rating out of it is the scorer's business, since the rule differs by mode and
 *   benchmark.
 * - Implementations retry what can be retried; what they throw ends the run.
 */
export interface Judge extends JudgeIdentity {
  /**
   * Whether a reply without a rating is a verdict on the prediction, which then scores lowest, rather than a
   * failure of the judge; absent for no.
   */
  readonly rejects?: true;
  /** The reply to one case. */
  rate(judgeCase: JudgeCase, rubric: Rubric): Promise<JudgeReply>;
  /** What asking would take, without asking; absent from a judge that costs nothing. */
  estimate?(judgeCase: JudgeCase, rubric: Rubric): Promise<CallEstimate>;
  /** In what other form than the first it had to be asked, for the report; absent where there is only one. */
  askedAs?(): readonly string[];
}

/** What a report says of its judge. */
export interface JudgeIdentity {
  /** Such as `recorded:calls.json`. */
  readonly id: string;
  /** Whether scores can be set beside published ones. */
  readonly comparable: boolean;
  /** What a judge that is not comparable goes by, such as "compares words, not meaning". */
  readonly caveat?: string;
  /** SHA-256 of the prompt, in hex; null for a judge that has none. */
  readonly promptHash: string | null;
  /** Base address of the service that is asked; absent where none is. */
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

/** A case that the judge refused, such as one that is too long for it; it has no rating. */
export interface NotJudged {
  readonly type: 'not_judged';
  /** In the words of the judge, for the report. */
  readonly reason: string;
}

/** What a judge replies: text, a number from a file that holds numbers, or nothing. */
export type JudgeReply = string | number | NotJudged;

/** What asking a judge about one case would take; all zero where the reply is already known. */
export interface CallEstimate {
  readonly calls: number;
  /** Tokens of the request, estimated. */
  readonly inputTokens: number;
  /** Tokens of the longest reply that is allowed. */
  readonly outputTokens: number;
}

/** What asking takes where the reply is already known. */
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

/** The same case with gold answer and prediction exchanged. */
export function swapped({ question, gold, prediction }: JudgeCase): JudgeCase {
  return { question, gold: prediction, prediction: gold };
}

/** One text that stands for the three texts of a case, for looking replies up. */
export function caseKey({ question, gold, prediction }: JudgeCase): string {
  return JSON.stringify([question, gold, prediction]);
}

/** One text that stands for a case and what is asked about it. */
export function requestKey(judgeCase: JudgeCase, rubric: Rubric): string {
  return `${rubric} ${caseKey(judgeCase)}`;
}

/** Names a case for an error message. */
export function describeCase({ question, gold, prediction }: JudgeCase): string {
  const [asked, expected, said] = [question, gold, prediction].map((text) => JSON.stringify(text));
  return `question ${asked}, gold ${expected}, pred ${said}`;
}
