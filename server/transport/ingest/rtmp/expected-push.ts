import { EitherSignal } from '../../../concurrency/either-signal.js';
import { Signal } from '../../../concurrency/signal.js';
import { DuetError } from '../../../errors.js';
import type { ArrivedSender, ExpectedSender } from '../../../video/sources/expected-sender.js';
import { PushedBytes } from '../../../video/sources/pushed/pushed-bytes.js';
import { ArrivalTime, type ArrivalLimits } from '../arrival-time.js';
import { flvHeader, flvVideoTag } from './flv.js';
import type { PushReceiver } from './receive-push.js';

/** The sender that one key is for: one connection at a time, which may be lost and made again. */
export class ExpectedPush implements ExpectedSender {
  readonly #changed = new Signal();
  readonly #time: ArrivalTime;
  #push: Push | undefined;
  /** Whether the source has taken the newest connection. */
  #taken = false;

  constructor(limits: ArrivalLimits) {
    this.#time = new ArrivalTime(limits);
  }

  get isOver(): boolean {
    return this.#time.leftMs <= 0;
  }

  /**
   * Takes a connection that showed the key.
   *
   * @throws DuetError 'busy' while there is another.
   */
  arrive(hangUp: () => void): PushReceiver {
    if (this.#push?.isOpen === true)
      throw new DuetError('busy', 'used the key of a sender that is connected');
    this.#push = new Push(hangUp);
    this.#taken = false;
    this.#changed.notify();
    return this.#push;
  }

  async next(signal: AbortSignal): Promise<ArrivedSender> {
    this.#time.begin();
    const expiry = AbortSignal.timeout(Math.max(0, Math.ceil(this.#time.leftMs)));
    using either = new EitherSignal(signal, expiry);
    while (this.#push === undefined || this.#taken) {
      if (signal.aborted) throw new DuetError('cancelled', 'waiting for the sender was cancelled');
      if (expiry.aborted) throw nobodyCame(this.#time.seconds);
      await this.#changed.wait(either.signal);
    }
    this.#taken = true;
    return this.#push;
  }

  opened(): void {
    this.#time.met();
  }

  /** Ends the connection, if there is one. */
  close(): void {
    this.#push?.hangUp();
  }
}

/** One connection of a sender, as bytes of FLV. */
class Push implements PushReceiver {
  readonly type = 'flv';
  readonly bytes = new PushedBytes();
  readonly hangUp: () => void;
  #isOpen = true;
  #finished = false;

  constructor(hangUp: () => void) {
    this.hangUp = hangUp;
    this.bytes.push(flvHeader);
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  readonly hasFinished = (): boolean => this.#finished;

  readonly picture = async (timestamp: number, payload: Buffer): Promise<void> => {
    if (this.#finished) return;
    this.bytes.push(flvVideoTag(timestamp, payload));
    await this.bytes.room();
  };

  readonly finish = (): void => {
    this.#finished = true;
    this.bytes.end();
  };

  readonly end = (): void => {
    this.#isOpen = false;
    this.bytes.end();
  };
}

function nobodyCame(seconds: number): DuetError {
  const message = `No sender came within ${Math.round(seconds)} seconds, and its key is void now: start the source again`;
  return new DuetError('source_failed', message, { retryable: true });
}
