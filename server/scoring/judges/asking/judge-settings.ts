import type { Reserve } from './budget.js';

/** What was counted while a judge was asked; filled as it goes. */
export interface JudgeTally {
  /** Replies that came; retries of failed requests and refusals are not among them. */
  requests: number;
  /** Replies found in the cache. */
  cacheHits: number;
  /** Entries of the cache that could not be read or written; the judge was asked instead. */
  cacheFaults: number;
  /** Cases that were asked while the same case was already on its way. */
  shared: number;
  /** Requests made because the reply before could not be used. */
  askedAgain: number;
  /** Cases whose last reply was cut off before its rating. */
  cutOff: number;
  /** Texts that were cut because they are longer than a judge is shown. */
  cutTexts: number;
  /** Tokens as the service counted them; zero where it does not say. */
  inputTokens: number;
  outputTokens: number;
}

/** A tally of nothing yet. */
export function emptyJudgeTally(): JudgeTally {
  return {
    requests: 0,
    cacheHits: 0,
    cacheFaults: 0,
    shared: 0,
    askedAgain: 0,
    cutOff: 0,
    cutTexts: 0,
    inputTokens: 0,
    outputTokens: 0,
  };
}

/** How a judge behind a network is asked. Judges that need no network take no notice. */
export interface JudgeSettings {
  /** Base address, such as `http://127.0.0.1:8000/v1`. */
  readonly url: string;
  /** Null for a service that asks for none. */
  readonly apiKey: string | null;
  /** Requests under way at once. */
  readonly concurrency: number;
  /** Milliseconds one request may take. */
  readonly timeoutMs: number;
  /** How often a request that failed is repeated. */
  readonly retries: number;
  /** How often a case is asked in all, while its replies cannot be used. */
  readonly attempts: number;
  /** Tokens a reply may have; null for few at first, and many once a reply was cut off. */
  readonly maxTokens: number | null;
  /** Folder of the replies that are kept; null keeps none. */
  readonly cacheFolder: string | null;
  readonly tally: JudgeTally;
  /** Holds requests to a budget; null for none. */
  readonly reserve: Reserve | null;
  /** Ends every request; null for none. */
  readonly signal: AbortSignal | null;
}

/** Where the models named `openai:` live unless told otherwise. */
export const officialUrl = 'https://api.openai.com/v1';

/** Careful settings: the official service, no key, nothing kept. */
export function defaultJudgeSettings(): JudgeSettings {
  return {
    url: officialUrl,
    apiKey: null,
    concurrency: 8,
    timeoutMs: 60_000,
    retries: 6,
    attempts: 3,
    maxTokens: null,
    cacheFolder: null,
    tally: emptyJudgeTally(),
    reserve: null,
    signal: null,
  };
}
