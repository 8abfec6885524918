/** What a judge is asked to rate. */
export interface JudgeCase {
  readonly question: string;
  readonly gold: string;
  readonly prediction: string;
}

/**
 * What is asked of a judge.
 * - `agreement`: how well the prediction agrees with the gold answer, 1 (wrong) to 5 (fully correct).
 * - `coverage`: how much of the gold answer has been said so far, 1 (wrong), 2 (part of it) or 3 (most of it).
 */
export type Rubric = 'agreement' | 'coverage';

/** What asking a judge about one case would take; all zero where the reply is already known. */
export interface CallExpense {
  readonly calls: number;
  /** Tokens of the request, estimated. */
  readonly inputTokens: number;
  /** Tokens of the longest reply that is allowed. */
  readonly outputTokens: number;
}

/**
 * Rates how well a prediction agrees with the gold answer.
 * - The reply is raw: reading a score out of it is the scorer's business, since the rule differs per mode and task.
 * - Implementations retry what can be retried; what they throw ends the run.
 */
export interface Judge {
  /** Names the judge in reports, such as `recorded:calls.json`. */
  readonly id: string;
  /** Whether scores can be set beside published ones. */
  readonly comparable: boolean;
  /** What a judge that is not comparable goes by, such as "compares words, not meaning". */
  readonly caveat?: string;
  /** SHA-256 of the prompt, in hex; null for a judge that has none. */
  readonly promptHash: string | null;
  /** Base address of the service that is asked; absent where none is. */
  readonly endpoint?: string;
  /** The reply to one case: text, or a number from a file that holds numbers. */
  rate(judgeCase: JudgeCase, rubric: Rubric, signal?: AbortSignal): Promise<string | number>;
  /** What asking would take, without asking; absent from a judge that costs nothing. */
  foresee?(judgeCase: JudgeCase, rubric: Rubric): Promise<CallExpense>;
}

/** What a report says of its judge. */
export interface JudgeIdentity {
  readonly id: string;
  readonly comparable: boolean;
  readonly caveat?: string;
  readonly promptHash: string | null;
  readonly endpoint?: string;
}

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
