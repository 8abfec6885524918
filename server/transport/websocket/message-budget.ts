import { TokenBucket, type Rate } from './token-bucket.js';

/** What is left of one connection's {@link MessageRates}. */
export class MessageBudget {
  readonly #rates: MessageRates;
  readonly #now: () => number;
  readonly #messages: TokenBucket;
  readonly #textBytes: TokenBucket;
  readonly #pictureBytes: TokenBucket;
  #heldSince: number | null = null;

  constructor(rates: MessageRates, now: () => number) {
    this.#rates = rates;
    this.#now = now;
    this.#messages = new TokenBucket(rates.messages, now);
    this.#textBytes = new TokenBucket(rates.textBytes, now);
    this.#pictureBytes = new TokenBucket(rates.pictureBytes, now);
  }

  /** Counts a frame that has arrived. */
  spend({ kind, bytes }: IncomingFrame): void {
    this.#messages.spend();
    (kind === 'binary' ? this.#pictureBytes : this.#textBytes).spend(bytes.byteLength);
    this.#noteHold();
  }

  /** How long to stop reading, in milliseconds. */
  get holdMs(): number {
    return Math.max(...this.#buckets.map(({ debtMs }) => debtMs));
  }

  /**
   * Whether the client has been held back for longer than the patience without a break in which the budget
   * recovered.
   */
  get isFlooded(): boolean {
    return this.#heldSince !== null && this.holdMs > 0 && this.#heldForMs > this.#rates.patienceMs;
  }

  get #buckets(): readonly TokenBucket[] {
    return [this.#messages, this.#textBytes, this.#pictureBytes];
  }

  get #heldForMs(): number {
    return this.#heldSince === null ? 0 : this.#now() + this.holdMs - this.#heldSince;
  }

  #noteHold(): void {
    if (this.#buckets.every(({ hasRecovered }) => hasRecovered)) this.#heldSince = null;
    else if (this.holdMs > 0) this.#heldSince ??= this.#now();
  }
}

/** How much one connection may send. */
export interface MessageRates {
  /** Messages and control frames of any kind. */
  readonly messages: Rate;
  /** Bytes in text frames, which cost time to parse. */
  readonly textBytes: Rate;
  /** Bytes in binary frames. */
  readonly pictureBytes: Rate;
  /** How long a connection may stay at the limit before it counts as a flood, in milliseconds. */
  readonly patienceMs: number;
}

/** Anything a client sends: messages, and control frames that WebSocket itself answers. */
export interface IncomingFrame {
  readonly kind: 'text' | 'binary' | 'ping' | 'pong';
  readonly bytes: Uint8Array;
}
