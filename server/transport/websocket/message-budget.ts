import { TokenBucket, type Rate } from './token-bucket.js';

/** What one connection has left of its {@link MessageRates}. */
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

  /** Counts what has come already. */
  spend({ kind, bytes }: IncomingFrame): void {
    this.#messages.spend();
    (kind === 'binary' ? this.#pictureBytes : this.#textBytes).spend(bytes.byteLength);
    this.#noteHold();
  }

  /** How long nothing more should be read, in milliseconds. */
  get holdMs(): number {
    return Math.max(...this.#buckets.map(({ debtMs }) => debtMs));
  }

  /**
   * Whether the client has been held back for longer than the patience lasts, without a pause in which the
   * budget came back.
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
  /** How long a connection may go on at the limit before it counts as a flood, in milliseconds. */
  readonly patienceMs: number;
}

/** Whatever a client sends: messages, and the control frames that WebSocket itself answers. */
export interface IncomingFrame {
  readonly kind: 'text' | 'binary' | 'ping' | 'pong';
  readonly bytes: Uint8Array;
}
