import { DuetError } from '../errors.js';

/** Throws 'cancelled' when `signal` has aborted. */
export function refuseIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new DuetError('cancelled', 'the call was aborted', { cause: signal.reason });
}
