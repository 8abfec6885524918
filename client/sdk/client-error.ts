import type { ErrorMessage } from './protocol.js';

/** What the client throws. The message names the thing, the value and the remedy. */
export class DuetClientError extends Error {
  override readonly name = 'DuetClientError';
  readonly code: ClientErrorCode;
  /** Whether trying the same again later can help. */
  readonly retryable: boolean;
  /** Milliseconds after which the server suggests to try again; null where it does not say. */
  readonly retryAfterMs: number | null;

  constructor(
    code: ClientErrorCode,
    message: string,
    options: { retryable?: boolean; retryAfterMs?: number | undefined; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}

/** Error codes of the protocol, and those only a client can meet. */
export type ClientErrorCode =
  ErrorMessage['code'] | 'connection_failed' | 'connection_lost' | 'closed' | 'too_slow';

/** The error that an `error` message of the server stands for. */
export function errorFromMessage(message: ErrorMessage): DuetClientError {
  return new DuetClientError(message.code, message.message, {
    retryable: message.retryable,
    retryAfterMs: message.retry_after_ms,
  });
}
