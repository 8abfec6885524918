import { readFileSync } from 'node:fs';
import { DuetError } from '../../../errors.js';
import { officialUrl, type ApiKey, type JudgingPlan, type PlannedJudge } from '../judging-plan.js';
import type { Reserve } from './budget.js';

/** How a judge behind a network is asked; judges that need no network ignore it. */
export interface JudgeSettings {
  /** Base address, such as `http://127.0.0.1:8000/v1`. */
  readonly url: string;
  /** Null for a service that asks for none. */
  readonly apiKey: string | null;
  /** Requests under way at once. */
  readonly concurrency: number;
  /** Milliseconds one request may take. */
  readonly timeoutMs: number;
  /** How often a failed request is repeated. */
  readonly retries: number;
  /** How often a case is asked in all while its replies hold no rating. */
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
  /** Requests made because the reply before held no rating. */
  askedAgain: number;
  /** Cases whose last reply was cut off before its rating. */
  cutOff: number;
  /** Texts that were cut because they are longer than a judge is shown. */
  cutTexts: number;
  /** Tokens as the service counted them; zero where it does not say. */
  inputTokens: number;
  outputTokens: number;
}

/** The settings a plan gives one of its judges. Throws where the file of its key cannot be read. */
export function settingsOf(plan: JudgingPlan, judge: PlannedJudge, signal: AbortSignal): JudgeSettings {
  const { mode, concurrency, timeoutMs, retries, maxTokens, cacheFolder } = plan;
  return {
    url: judge.url,
    apiKey: readApiKey(judge.key),
    concurrency,
    timeoutMs,
    retries,
    attempts: mode === 'compat' ? 1 : plan.attempts,
    maxTokens,
    cacheFolder,
    tally: emptyJudgeTally(),
    reserve: null,
    signal,
  };
}

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

function readApiKey(key: ApiKey): string | null {
  switch (key.type) {
    case 'none':
      return null;
    case 'given':
      return key.key;
    case 'file':
      return readKeyFile(key.path);
  }
}

function readKeyFile(file: string): string {
  try {
    const key = readFileSync(file, 'utf8').trim();
    if (/^[\x21-\x7e]+$/.test(key)) return key;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DuetError('invalid_request', `${file}: the key cannot be read: ${reason}`, { cause });
  }
  throw new DuetError('invalid_request', `${file}: expected one line that holds the key`);
}
