/** By when a sender must have come: for the first time, and again after it has gone. */
export class ArrivalTime {
  readonly #limits: ArrivalLimits;
  #first = true;
  #deadline: number | undefined;

  constructor(limits: ArrivalLimits) {
    this.#limits = limits;
    this.begin();
  }

  /** Milliseconds left; negative when it is over. */
  get leftMs(): number {
    return this.#deadline === undefined ? Infinity : this.#deadline - performance.now();
  }

  /** Seconds that the sender has, for messages. */
  get seconds(): number {
    return (this.#first ? this.#limits.firstMs : this.#limits.returnMs) / 1000;
  }

  /** The sender is awaited from now on, unless it is already. */
  begin(): void {
    this.#deadline ??= performance.now() + this.seconds * 1000;
  }

  /** The sender's pictures have come. */
  met(): void {
    this.#first = false;
    this.#deadline = undefined;
  }
}

/** How long senders are awaited. */
export interface ArrivalLimits {
  /** Milliseconds in which it must come, or its key expires. */
  readonly firstMs: number;
  /** Milliseconds in which it may come back. */
  readonly returnMs: number;
}
