import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai';
import { DuetError, type ErrorCode } from '../../../errors.js';
import { onOneLine } from '../../files/file-fault.js';
import type { JudgeSettings } from '../judge-settings.js';

const goOn = 'replies so far are in the cache, so the same command goes on where it stopped';

/** What was thrown by the client as one of our errors that says what to do; never shows a key. */
export function endpointFault(thrown: unknown, settings: JudgeSettings): DuetError {
  if (thrown instanceof DuetError) return thrown;
  const { code, problem, remedy, retryable } = explain(thrown, settings);
  const message = `the judge at ${shownUrl(settings.url)} ${problem}; ${remedy}`;
  const options = { cause: thrown, retryable };
  return new DuetError(code, onOneLine(withoutKeys(message, settings.apiKey)), options);
}

/** An address without user name, password and query. */
export function shownUrl(url: string): string {
  if (!URL.canParse(url)) return url.replace(/^.*@/s, '').replace(/[?#].*$/s, '');
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname.replace(/\/+$/, '')}`;
}

/** Whether the service refused one case for what it says, which is no reason to end a run. */
export function isContentRefusal(thrown: unknown): boolean {
  return thrown instanceof APIError && thrown.status === 400 && thrown.code === 'content_filter';
}

interface Explanation {
  readonly code: ErrorCode;
  readonly problem: string;
  readonly remedy: string;
  readonly retryable: boolean;
}

function explain(thrown: unknown, { timeoutMs, retries }: JudgeSettings): Explanation {
  if (thrown instanceof APIUserAbortError) {
    return { code: 'cancelled', problem: 'was interrupted', remedy: goOn, retryable: true };
  }
  if (thrown instanceof APIConnectionTimeoutError) {
    const problem = `did not reply within ${timeoutMs / 1000} s, ${retries + 1} times`;
    return { code: 'source_failed', problem, remedy: `raise --judge-timeout; ${goOn}`, retryable: true };
  }
  if (thrown instanceof APIConnectionError) {
    const problem = `cannot be reached (${deepestMessage(thrown)})`;
    return { code: 'source_failed', problem, remedy: `check --judge-url; ${goOn}`, retryable: true };
  }
  if (thrown instanceof APIError) return explainStatus(statusOf(thrown), thrown.message);
  const problem = `failed: ${deepestMessage(thrown)}`;
  return { code: 'model_failed', problem, remedy: goOn, retryable: false };
}

/** The status of a refusal; 0 where none came. */
function statusOf(thrown: { readonly status?: unknown }): number {
  return typeof thrown.status === 'number' ? thrown.status : 0;
}

function explainStatus(status: number, answer: string): Explanation {
  const problem = `answered ${answer}`;
  switch (status) {
    case 401:
    case 403: {
      const remedy = 'set OPENAI_API_KEY or --judge-key-file';
      return { code: 'unauthorized', problem, remedy, retryable: false };
    }
    case 404:
      return { code: 'not_found', problem, remedy: 'check the model and --judge-url', retryable: false };
    case 429:
      return { code: 'busy', problem, remedy: `lower --judge-concurrency or wait; ${goOn}`, retryable: true };
    default: {
      const refused = status >= 400 && status < 500;
      const code = refused ? 'invalid_request' : 'source_failed';
      return { code, problem, remedy: goOn, retryable: !refused };
    }
  }
}

function deepestMessage(thrown: unknown): string {
  let inner = thrown;
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause;
  return inner instanceof Error ? inner.message : String(inner);
}

function withoutKeys(message: string, apiKey: string | null): string {
  const hidden = apiKey === null || apiKey === '' ? message : message.replaceAll(apiKey, '[key]');
  return hidden.replace(/\bsk-[\w*-]+/g, '[key]');
}
