import type { Mode } from '../mode.js';

/**
 * How to judge predictions. Plain data: the command line fills it in from flags, scripts and tests by hand.
 */
export interface JudgingPlan {
  /** The rules for reading replies; `compat` accepts any reply, so it asks once. */
  readonly mode: Mode;
  readonly judge: PlannedJudge;
  /** Rates the same cases, to measure agreement; null for none. */
  readonly second: PlannedJudge | null;
  readonly swap: SwapRule;
  /** Requests under way at once. */
  readonly concurrency: number;
  /** Milliseconds one request may take. */
  readonly timeoutMs: number;
  /** How often a failed request is repeated. */
  readonly retries: number;
  /** How often to ask about a case whose replies hold no rating, in total; `compat` asks once. */
  readonly attempts: number;
  /** Most tokens of a reply; null starts low and raises the limit once a reply is cut off. */
  readonly maxTokens: number | null;
  /** Folder of the reply cache; null for no cache. */
  readonly cacheFolder: string | null;
  /** Most dollars all judges together may cost; null for no limit. */
  readonly budget: number | null;
  /** Whether to estimate only, without asking anything. */
  readonly dryRun: boolean;
}

/** One judge of a plan. */
export interface PlannedJudge {
  /** Such as `openai:gpt-4o`, `exact` or `lexical`. */
  readonly name: string;
  /** Base address of the service of an `openai:` judge, such as `http://127.0.0.1:8000/v1`. */
  readonly url: string;
  readonly key: ApiKey;
  /** Null to use the listed price of a model at the official service. */
  readonly price: Price | null;
}

/** Where a service's key comes from; a file is read when the judge is opened. */
export type ApiKey =
  | { readonly type: 'none' }
  | { readonly type: 'given'; readonly key: string }
  | { readonly type: 'file'; readonly path: string };

/**
 * Whether to also rate cases with gold answer and prediction swapped: `report` reports how much the ratings
 * differ, `mean` scores the mean of both.
 */
export type SwapRule = 'off' | 'report' | 'mean';

/** Dollars per million tokens. */
export interface Price {
  readonly input: number;
  readonly output: number;
}

/** Default address of `openai:` models. */
export const officialUrl = 'https://api.openai.com/v1';

/** A plan for one judge, without key, price or cache: enough for judges that need no service. */
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
