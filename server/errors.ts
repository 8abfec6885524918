/** The closed set of error codes; they are stable and part of the published protocol. */
export const errorCodes = [
  'invalid_message',
  'invalid_request',
  'not_found',
  'too_large',
  'unauthorized',
  'busy',
  'storage_full',
  'source_failed',
  'model_failed',
  'unsupported',
  'context_full',
  'budget_spent',
  'refused',
  'cancelled',
  'internal',
] as const;

/** One of {@link errorCodes}. */
export type ErrorCode = (typeof errorCodes)[number];

/**
 * The project's only error class. The message names the thing, the value and the remedy; `cause` keeps the
 * underlying error.
 */
export class DuetError extends Error {
  override readonly name = 'DuetError';
  readonly code: ErrorCode;
  /** Whether trying again later can help. */
  readonly retryable: boolean;
  /** Milliseconds after which trying again may help, if known. */
  readonly retryAfterMs: number | null;

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; retryable?: boolean; retryAfterMs?: number } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable ?? (code === 'busy' || code === 'storage_full');
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}

/** System error codes for running out of files or processes. */
const exhausted: ReadonlySet<unknown> = new Set(['EMFILE', 'ENFILE', 'EAGAIN']);

/** Whether an error means that the system cannot open another file or process for now. */
export function isExhausted(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && exhausted.has(thrown.code);
}

/** Turns anything thrown into a {@link DuetError}; one of ours passes unchanged. */
export function toDuetError(thrown: unknown): DuetError {
  if (thrown instanceof DuetError) return thrown;
  if (isExhausted(thrown)) {
    const message = 'The server cannot open another file or process at the moment: try again later';
    return new DuetError('busy', message, { cause: thrown });
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new DuetError('internal', message, { cause: thrown });
}

/** Throws 'cancelled' when `signal` has aborted. */
export function refuseIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new DuetError('cancelled', 'the call was aborted', { cause: signal.reason });
}
