import { APIConnectionError, APIError, APIUserAbortError } from 'openai';
import { shownUrl } from '../../../endpoint/address.js';
import { connectionRemedy, innermost, waitOf, withoutSecrets } from '../../../endpoint/failure-words.js';
import { refusalOf } from '../../../endpoint/refusal.js';
import { readServiceError } from '../../../endpoint/service-error.js';
import { DuetError } from '../../../errors.js';
import { isTooManyPictures, TooMuchShown } from './picture-limit.js';

/** What failures say about an engine. */
export interface AskedEngine {
  readonly url: string;
  /** Its model, as it calls it. */
  readonly model: string;
  readonly key: string | null;
  /** Where its key comes from; null if none is expected. */
  readonly keyVariable: string | null;
}

/** Turns whatever a request threw into an error that says what to do; it never shows a key. */
export function engineFailure(thrown: unknown, engine: AskedEngine, timeoutMs: number): DuetError {
  const known = duetErrorIn(thrown);
  if (known?.code === 'too_large') return failed(engine, `failed: ${known.message}`, 'look at its log');
  if (known !== null) return known;
  if (thrown instanceof APIUserAbortError || isAbort(thrown)) {
    return failed(engine, `did not answer within ${timeoutMs / 1000} s`, 'wait, or give it more time');
  }
  if (thrown instanceof APIError && !(thrown instanceof APIConnectionError)) {
    const status: unknown = thrown.status;
    const body: unknown = thrown.error;
    return answered(engine, typeof status === 'number' ? status : 502, body ?? thrown.message, 0);
  }
  const cause = innermost(thrown);
  if (thrown instanceof SyntaxError || cause.message.includes('JSON')) {
    return failed(engine, 'sent an answer that is not JSON', `check ${engine.url}`);
  }
  if (cause.message.includes('timed out')) return failed(engine, `stalled: ${cause.message}`, 'wait');
  const words = `cannot be reached (${cause.message})`;
  const unreached = !['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'].includes(cause.code);
  return failed(engine, words, connectionRemedy(cause, 'its address'), { cause: thrown, unreached });
}

/** The error of an answer with a status other than 2xx. */
export function statusFailure(response: Response, text: string, engine: AskedEngine): DuetError {
  const location = response.headers.get('location');
  if (response.status < 400) {
    const where = location === null ? 'elsewhere' : shownUrl(location);
    const message = `answered ${response.status}: it leads to ${where}; name the address it leads to`;
    return new DuetError('invalid_request', about(engine, message));
  }
  return answered(engine, response.status, parsed(text) ?? text, waitOf(response) * 1000);
}

/** The error inside of an answer of status 200; null if there is none. */
export function errorInside(answer: unknown, engine: AskedEngine): DuetError | null {
  const error = readServiceError(answer);
  return error === null ? null : answered(engine, error.status ?? statusOfWords(error.words), answer, 0);
}

/** Whether nothing can have been charged for a request that failed like this. */
export function isUncharged({ code, cause }: DuetError): boolean {
  if (code === 'model_failed') return isUnreached({ cause });
  return code !== 'too_large' && code !== 'cancelled';
}

/** Whether no request reached the engine. */
export function isUnreached({ cause }: Pick<DuetError, 'cause'>): boolean {
  return cause instanceof Unreached;
}

/** Marks, as a cause, that no request reached the engine. */
class Unreached {
  readonly cause: unknown;

  constructor(cause: unknown) {
    this.cause = cause;
  }
}

function answered(engine: AskedEngine, status: number, body: unknown, retryAfterMs: number): DuetError {
  const error = readServiceError(body);
  const said = error?.message ?? (typeof body === 'string' ? plain(body) : '');
  const words = error?.words ?? said;
  const message = `answered ${status}${said === '' ? '' : `: ${said}`}`;
  const refusal = refusalOf(status, words);
  // Some servers answer 500 to what they do not take.
  if (refusal.type === 'too_long' || (![401, 403, 429].includes(status) && isTooManyPictures(words))) {
    return new DuetError('refused', about(engine, message), { cause: new TooMuchShown(words) });
  }
  if (status === 429 && refusal.type === 'later') {
    const seconds = retryAfterMs > 0 ? ` ${Math.ceil(retryAfterMs / 1000)} s, as it asks` : '';
    const wait = { retryable: true, ...(retryAfterMs > 0 && { retryAfterMs }) };
    return new DuetError('busy', about(engine, `${message}; ask less often, or wait${seconds}`), wait);
  }
  if (status === 501) return new DuetError('unsupported', about(engine, message));
  if (refusal.type === 'later') return failed(engine, message, 'wait, or look at its log');
  if (refusal.type === 'case') return new DuetError('refused', about(engine, message));
  if (status === 401 || status === 403) return unauthorized(engine, message);
  if (status === 404 || status === 405) {
    return new DuetError('not_found', about(engine, `${message}; check the model's name and the address`));
  }
  return new DuetError('unsupported', about(engine, message));
}

function unauthorized(engine: AskedEngine, message: string): DuetError {
  const { keyVariable, key } = engine;
  const remedy =
    keyVariable === null
      ? 'name the environment variable of its key as "keyVariable" in a model file'
      : `${key === null ? 'set' : 'check'} ${keyVariable}`;
  return new DuetError('unauthorized', about(engine, `${message}; ${remedy}`));
}

function failed(
  engine: AskedEngine,
  problem: string,
  remedy: string,
  { cause, unreached = false }: { readonly cause?: unknown; readonly unreached?: boolean } = {},
): DuetError {
  const options = { retryable: true, cause: unreached ? new Unreached(cause) : cause };
  return new DuetError('model_failed', about(engine, `${problem}; ${remedy}`), options);
}

function about({ url, model, key }: AskedEngine, words: string): string {
  const line = `the model ${model} at ${shownUrl(url)} ${words}`;
  return withoutSecrets(line.replaceAll(/\p{Cc}+/gu, ' '), key).slice(0, longestMessage);
}

const longestMessage = 600;

/** An error of ours among the causes: the client wraps what its fetch function throws. */
function duetErrorIn(thrown: unknown): DuetError | null {
  for (let inner = thrown; inner instanceof Error; inner = inner.cause) {
    if (inner instanceof DuetError) return inner;
  }
  return null;
}

function isAbort(thrown: unknown): boolean {
  return thrown instanceof Error && (thrown.name === 'AbortError' || thrown.name === 'TimeoutError');
}

/** Guesses the status of an error from its words; by default one that may pass. */
function statusOfWords(words: string): number {
  if (/rate.?limit|too many requests|overload|quota/i.test(words)) return 429;
  if (/invalid.{0,20}key|authentication/i.test(words)) return 401;
  return /invalid_request|context_length|content_(?:filter|policy)|not.supported|image/i.test(words)
    ? 400
    : 502;
}

/** The text of a page. */
function plain(text: string): string {
  return text
    .replaceAll(/<(style|script)\b[^]{0,4000}?<\/\1>|<[^<>]{0,400}>|\s+/g, ' ')
    .trim()
    .slice(0, 200);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
