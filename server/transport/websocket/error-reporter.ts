import { DuetError } from '../../errors.js';
import { closingOf, type Closing } from '../../protocol/close-codes.js';
import { shownMessage } from '../http/error-response.js';
import type { Outbox } from './outbox.js';
import type { ConnectionLimits } from './services.js';
import { TokenBucket } from './token-bucket.js';

/** Reports errors to one client and tells when there have been too many. */
export class ErrorReporter {
  readonly #outbox: Pick<Outbox, 'send'>;
  readonly #faults: TokenBucket;
  readonly #pictureErrors: TokenBucket;
  #untoldPictures = 0;

  /** `now` gives monotonic milliseconds. */
  constructor(
    outbox: Pick<Outbox, 'send'>,
    limits: Pick<ConnectionLimits, 'faults' | 'pictureErrors'>,
    now: () => number,
  ) {
    this.#outbox = outbox;
    this.#faults = new TokenBucket(limits.faults, now);
    this.#pictureErrors = new TokenBucket(limits.pictureErrors, now);
  }

  /** Sends the error and resolves with how to close the connection, or null if it stays open. */
  async report(error: DuetError, subject: ErrorSubject): Promise<Closing | null> {
    const { code } = error;
    await this.#send(error, subject);
    const isFault = code === 'invalid_message' || code === 'invalid_request' || code === 'too_large';
    return isFault && !this.#faults.trySpend() ? 'policy' : closingOf[code];
  }

  /**
   * For skipped pictures: cameras break one now and then, which must never end a session. The first are
   * reported one by one; when there are many, the next report says how many were skipped in between.
   */
  async reportPicture({ code, message, retryable }: DuetError): Promise<void> {
    if (!this.#pictureErrors.trySpend()) {
      this.#untoldPictures += 1;
      return;
    }
    const untold = this.#untoldPictures;
    this.#untoldPictures = 0;
    const more = untold === 0 ? '' : `; ${untold} pictures before it were skipped too`;
    await this.#send(new DuetError(code, message + more, { retryable }), { clientEventId: null });
  }

  async #send(error: DuetError, { clientEventId, param = null }: ErrorSubject): Promise<void> {
    const { code, retryable, retryAfterMs } = error;
    await this.#outbox.send({
      type: 'error',
      code,
      message: shownMessage(error),
      param,
      client_event_id: clientEventId,
      retryable,
      ...(retryAfterMs !== null && { retry_after_ms: retryAfterMs }),
    });
  }
}

/** Which client message an error is about, if known. */
export interface ErrorSubject {
  readonly clientEventId: string | null;
  /** The field at fault. */
  readonly param?: string | null;
}
