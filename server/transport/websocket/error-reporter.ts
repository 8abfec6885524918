import { DuetError } from '../../errors.js';
import { closingOf, type Closing } from '../../protocol/close-codes.js';
import { shownMessage } from '../http/error-response.js';
import type { Outbox } from './outbox.js';
import type { ConnectionLimits } from './services.js';
import { TokenBucket } from './token-bucket.js';

/** Tells one client of errors, and says when there have been too many. */
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

  /** Resolves, once told, with why the connection is to be closed; null where it goes on. */
  async report(error: DuetError, subject: ErrorSubject): Promise<Closing | null> {
    const { code } = error;
    await this.#send(error, subject);
    const isFault = code === 'invalid_message' || code === 'invalid_request' || code === 'too_large';
    return isFault && !this.#faults.trySpend() ? 'policy' : closingOf[code];
  }

  /**
   * For pictures that were skipped: cameras break one now and then, which must never end a session. Of many
   * the first are told one by one, the others counted in the next one told.
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

/** Which of a client's messages an error is about, as far as that is known. */
export interface ErrorSubject {
  readonly clientEventId: string | null;
  /** The field at fault. */
  readonly param?: string | null;
}
