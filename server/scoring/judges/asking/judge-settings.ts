import { readFileSync } from 'node:fs';
import { DuetError } from '../../../errors.js';
import { officialUrl, type ApiKey, type JudgingPlan, type PlannedJudge } from '../judging-plan.js';
import type { Reserve } from './budget.js';

/** How a judge behind a network is asked; judges that need no network ignore it. */
export interface JudgeSettings {
  /** Base address, such as `http://127.0.0.1:8000/v1`. */
  readonly url: string;
  /** Null for a service that needs none. */
  readonly apiKey: string | null;
  /** Requests under way at once. */
  readonly concurrency: number;
  /** Milliseconds one request may take. */
  readonly timeoutMs: number;
  /** How often a failed request is repeated. */
  readonly retries: number;
  /** How often to ask about a case whose replies hold no rating, in total. */
  readonly attempts: number;
  /** Most tokens of a reply; null starts low and raises the limit once a reply is cut off. */
  readonly maxTokens: number | null;
  /** Folder of the reply cache; null for no cache. */
  readonly cacheFolder: string | null;
  readonly tally: JudgeTally;
  /** Reserves money from the budget; null if there is none. */
  readonly reserve: Reserve | null;
  /** Cancels every request; null if it cannot be cancelled. */
  readonly signal: AbortSignal | null;
}

/** Counts of what happened while a judge was asked; updated as it goes. */
export interface JudgeTally {
  /** Replies received, not counting retries of failed requests and refusals. */
  requests: number;
  /** Replies found in the cache. */
  cacheHits: number;
  /** Entries of the cache that could not be read or written; the judge was asked instead. */
  cacheFaults: number;
  /** Cases asked for while a request for the same case was already running. */
  shared: number;
  /** Requests made because the previous reply held no rating. */
  askedAgain: number;
  /** Cases whose last reply was cut off before a rating. */
  cutOff: number;
  /** Texts that were shortened because they exceed the limit of a field. */
  cutTexts: number;
  /** Tokens as counted by the service; zero if it does not report them. */
  inputTokens: number;
  outputTokens: number;
}

/** The settings for one judge of a plan. Throws if its key file cannot be read. */
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

/** Conservative settings: the official service, no key, no cache. */
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

/** A tally of zeros. */
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
