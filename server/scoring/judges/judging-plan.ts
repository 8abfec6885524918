import type { Mode } from '../mode.js';

/**
 * How predictions are to be judged. Plain data: a command line fills it in from its flags, a script or a test
 * by hand.
 */
export interface JudgingPlan {
  /** By which rules replies are read; `compat` takes them as they come, so it asks once. */
  readonly mode: Mode;
  readonly judge: PlannedJudge;
  /** Rates the same cases, to see how far the two agree; null for none. */
  readonly second: PlannedJudge | null;
  readonly swap: SwapRule;
  /** Requests under way at once. */
  readonly concurrency: number;
  /** Milliseconds one request may take. */
  readonly timeoutMs: number;
  /** How often a failed request is repeated. */
  readonly retries: number;
  /** How often a case is asked in all while its replies hold no rating; `compat` asks once. */
  readonly attempts: number;
  /** Tokens a reply may have; null for few at first, and many once a reply was cut off. */
  readonly maxTokens: number | null;
  /** Folder of the replies that are kept; null keeps none. */
  readonly cacheFolder: string | null;
  /** Dollars that all judges together may cost; null for no limit. */
  readonly budget: number | null;
  /** Whether only the estimate is wanted, and nothing is to be asked. */
  readonly dryRun: boolean;
}

/** One judge of a plan. */
export interface PlannedJudge {
  /** Such as `openai:gpt-4o`, `exact` or `lexical`. */
  readonly name: string;
  /** Base address of the service of an `openai:` judge, such as `http://127.0.0.1:8000/v1`. */
  readonly url: string;
  readonly key: ApiKey;
  /** Null for the listed price of a model at the official service. */
  readonly price: Price | null;
}

/** Where the key of a service comes from; a file is read when the judge is opened. */
export type ApiKey =
  | { readonly type: 'none' }
  | { readonly type: 'given'; readonly key: string }
  | { readonly type: 'file'; readonly path: string };

/**
 * Whether cases are also rated with gold answer and prediction exchanged: `report` says how far the ratings
 * differ, `mean` scores the mean of both.
 */
export type SwapRule = 'off' | 'report' | 'mean';

/** Dollars per million tokens. */
export interface Price {
  readonly input: number;
  readonly output: number;
}

/** Where the models named `openai:` live unless told otherwise. */
export const officialUrl = 'https://api.openai.com/v1';

/** A plan to ask one judge, without a key, a price or a cache: enough for judges that need no service. */
export function judgingBy(name: string, mode: Mode): JudgingPlan {
  return {
    mode,
    judge: { name, url: officialUrl, key: { type: 'none' }, price: null },
    second: null,
    swap: 'off',
    ...{ concurrency: 8, timeoutMs: 60_000, retries: 6, attempts: 3, maxTokens: null },
    ...{ cacheFolder: null, budget: null, dryRun: false },
  };
}
