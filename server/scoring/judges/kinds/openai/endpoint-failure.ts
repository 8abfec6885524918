import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai';
import { DuetError, type ErrorCode } from '../../../../errors.js';
import { onOneLine } from '../../../data/json/file-fault.js';
import type { JudgeSettings } from '../../asking/judge-settings.js';
import { shownUrl } from './endpoint-address.js';
import { noCompletion, waitOf } from './normalise-response.js';
import { refusalOf } from './refusal.js';

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
  if (thrown instanceof APIConnectionError) return explainConnection(deepest(thrown), carryOn);
  if (thrown instanceof APIError) return explainStatus(thrown, carryOn);
  const problem = `failed: ${deepest(thrown).message}`;
  return { code: 'model_failed', problem, remedy: carryOn, retryable: false };
}

function carryOnOf({ cacheFolder }: JudgeSettings): string {
  return cacheFolder === null
    ? 'no reply is kept in the cache (--no-judge-cache), so the same command starts over'
    : 'replies so far are in the cache, so the same command goes on where it stopped';
}

function explainConnection({ message, code }: Deepest, carryOn: string): Explanation {
  if (code === 'too_large') {
    return { code: 'model_failed', problem: `failed: ${message}`, remedy: carryOn, retryable: false };
  }
  const problem = `cannot be reached (${message})`;
  return {
    code: 'source_failed',
    problem,
    remedy: `${remedyOf(code, message)}; ${carryOn}`,
    retryable: true,
  };
}

function remedyOf(code: string, message: string): string {
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code)) {
    return 'its certificate is not trusted: name its authority in NODE_EXTRA_CA_CERTS';
  }
  if (/SSL|EPROTO/.test(code) || /wrong version number|packet length/i.test(message)) {
    return 'check --judge-url: http:// and https:// are mixed up';
  }
  return 'check --judge-url';
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

interface Deepest {
  readonly message: string;
  readonly code: string;
}

/** The innermost cause; the first one if several addresses of a host were tried. */
function deepest(thrown: unknown): Deepest {
  let inner = thrown;
  while (inner instanceof Error) {
    const next: unknown = inner instanceof AggregateError ? inner.errors[0] : inner.cause;
    if (!(next instanceof Error)) break;
    inner = next;
  }
  if (!(inner instanceof Error)) return { message: String(inner), code: '' };
  const code = 'code' in inner ? String(inner.code) : '';
  // OpenSSL surrounds its message with memory addresses and source locations.
  const message = inner.message.replace(/^\w+:error:\w+:([^:]+):[^:]*:([^:]+):.*$/s, '$1: $2');
  return { message: message === '' ? code : message, code };
}

/** Services quote keys they refuse; keys other than ours are recognised by their format. */
function withoutSecrets(message: string, apiKey: string | null): string {
  const hidden = apiKey === null || apiKey.length < 4 ? message : message.replaceAll(apiKey, '[key]');
  return hidden
    .replaceAll(/\b(?:sk|pk|gsk|xai|hf|rk|key|api)[-_][\w*-]{4,}/g, '[key]')
    .replaceAll(/\bAIza[\w-]{10,}|\beyJ[\w-]{10,}(?:\.[\w-]+)*/g, '[key]')
    .replaceAll(/\b(Bearer|Basic)\s+[\w.~+/=*-]{4,}/g, '$1 [key]');
}
