import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai';
import { shownUrl } from '../../../../endpoint/address.js';
import {
  connectionRemedy,
  innermost,
  waitOf,
  withoutSecrets,
  type InnermostCause,
} from '../../../../endpoint/failure-words.js';
import { DuetError, type ErrorCode } from '../../../../errors.js';
import { onOneLine } from '../../../data/json/file-fault.js';
import type { JudgeSettings } from '../../asking/judge-settings.js';
import { noCompletion } from './normalise-response.js';
import { refusalOf } from '../../../../endpoint/refusal.js';

/** Converts an error of the client to one of ours that says what to do; never shows a key. */
export function endpointFailure(thrown: unknown, settings: JudgeSettings): DuetError {
  if (thrown instanceof DuetError) return thrown;
  const { code, problem, remedy, retryable } = explain(thrown, settings);
  const said = withoutSecrets(`${shownUrl(settings.url)} ${problem}`, settings.apiKey);
  const options = { cause: thrown, retryable };
  return new DuetError(code, onOneLine(`the judge at ${said}; ${remedy}`), options);
}

/** Why a service refused one request, for a report. */
export function shownReason(thrown: unknown, { apiKey }: Pick<JudgeSettings, 'apiKey'>): string {
  const words = thrown instanceof Error ? thrown.message : String(thrown);
  const shown = onOneLine(withoutSecrets(words, apiKey));
  return shown.length > longestReason ? `${shown.slice(0, longestReason)}...` : shown;
}

const longestReason = 200;

interface Explanation {
  readonly code: ErrorCode;
  readonly problem: string;
  readonly remedy: string;
  readonly retryable: boolean;
}

function explain(thrown: unknown, settings: JudgeSettings): Explanation {
  const carryOn = carryOnOf(settings);
  const { timeoutMs, retries } = settings;
  if (thrown instanceof APIUserAbortError) {
    return { code: 'cancelled', problem: 'was interrupted', remedy: carryOn, retryable: true };
  }
  if (thrown instanceof APIConnectionTimeoutError) {
    const problem = `did not reply within ${timeoutMs / 1000} s, ${retries + 1} times`;
    return { code: 'source_failed', problem, remedy: `raise --judge-timeout; ${carryOn}`, retryable: true };
  }
  if (thrown instanceof APIConnectionError) return explainConnection(innermost(thrown), carryOn);
  if (thrown instanceof APIError) return explainStatus(thrown, carryOn);
  const problem = `failed: ${innermost(thrown).message}`;
  return { code: 'model_failed', problem, remedy: carryOn, retryable: false };
}

function carryOnOf({ cacheFolder }: JudgeSettings): string {
  return cacheFolder === null
    ? 'no reply is kept in the cache (--no-judge-cache), so the same command starts over'
    : 'replies so far are in the cache, so the same command goes on where it stopped';
}

function explainConnection(cause: InnermostCause, carryOn: string): Explanation {
  const { message, code } = cause;
  if (code === 'too_large') {
    return { code: 'model_failed', problem: `failed: ${message}`, remedy: carryOn, retryable: false };
  }
  const problem = `cannot be reached (${message})`;
  return {
    code: 'source_failed',
    problem,
    remedy: `${connectionRemedy(cause, '--judge-url')}; ${carryOn}`,
    retryable: true,
  };
}

function explainStatus(thrown: AnsweredError, carryOn: string): Explanation {
  const { status, words, isCompletion } = errorOf(thrown);
  const problem = `answered ${thrown.message}`;
  if (!isCompletion) {
    const shown = thrown.message.replace(/^\d+ /, '');
    const what = `does not answer with chat completions (but with: ${shown})`;
    const remedy = 'check --judge-url, which mostly ends in /v1';
    return { code: 'model_failed', problem: what, remedy, retryable: false };
  }
  if (status < 400) {
    const where = shownUrl(thrown.message.replace(/^\d+ /, ''));
    const remedy = 'give the address it leads to with --judge-url';
    return {
      code: 'invalid_request',
      problem: `answered ${status}: it leads to ${where}`,
      remedy,
      retryable: false,
    };
  }
  if (refusalOf(status, words).type === 'run') return { ...explainRefusal(status, words), problem };
  if (status === 429) {
    const wait = thrown.headers instanceof Headers ? waitOf({ headers: thrown.headers }) : 0;
    const asked = wait > 0 ? ` (it asks for ${Math.ceil(wait)} s)` : '';
    const remedy = `lower --judge-concurrency or wait${asked}; ${carryOn}`;
    return { code: 'busy', problem, remedy, retryable: true };
  }
  const code = status < 500 ? 'invalid_request' : 'source_failed';
  return { code, problem, remedy: carryOn, retryable: status >= 500 };
}

/** Refusals that apply to every request. */
function explainRefusal(status: number, words: string): Omit<Explanation, 'problem'> {
  if (status === 402 || /insufficient_quota|current quota|billing|credits?\b|balance/i.test(words)) {
    return { code: 'unauthorized', remedy: 'check the account that pays for it', retryable: false };
  }
  if (status === 404 || /model/i.test(words)) {
    return { code: 'not_found', remedy: 'check the model and --judge-url', retryable: false };
  }
  if (status === 401 || status === 403 || status === 400) {
    const remedy = 'set OPENAI_API_KEY or --judge-key-file';
    return { code: 'unauthorized', remedy, retryable: false };
  }
  return { code: 'invalid_request', remedy: 'check --judge-url', retryable: false };
}

/** The parts we read of a client error for an answered request. */
interface AnsweredError {
  readonly status?: unknown;
  readonly error?: unknown;
  readonly code?: unknown;
  readonly headers?: unknown;
  readonly message: string;
}

/** Status and words of an error, as {@link normalising} wrote them. */
export function errorOf({ status, error, code }: AnsweredError): {
  readonly status: number;
  readonly words: string;
  readonly isCompletion: boolean;
} {
  const words = typeof error === 'object' && error !== null && 'words' in error ? String(error.words) : '';
  return { status: typeof status === 'number' ? status : 0, words, isCompletion: code !== noCompletion };
}
