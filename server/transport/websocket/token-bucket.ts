/**
 * A budget that is spent in pieces and comes back with time, up to its burst. What has come already cannot be
 * refused, so spending may run into debt, which time pays off.
 */
export class TokenBucket {
  readonly #rate: Rate;
  readonly #now: () => number;
  #level: number;
  #filledAt: number;

  /** `now` gives monotonic milliseconds. */
  constructor(rate: Rate, now: () => number) {
    this.#rate = rate;
    this.#now = now;
    this.#level = rate.burst;
    this.#filledAt = now();
  }

  /** What is left; below 0 it is owed. */
  get level(): number {
    const now = this.#now();
    const earned = ((now - this.#filledAt) / 1000) * this.#rate.perSecond;
    this.#level = Math.min(this.#rate.burst, this.#level + earned);
    this.#filledAt = now;
    return this.#level;
  }

  /** Spends `amount`, into debt where it must. */
  spend(amount = 1): void {
    this.#level = this.level - amount;
  }

  /** Spends `amount` only where it is there; tells whether it was. */
  trySpend(amount = 1): boolean {
    if (this.level < amount) return false;
    this.spend(amount);
    return true;
  }

  /** Milliseconds until nothing is owed. */
  get debtMs(): number {
    return Math.max(0, (-this.level / this.#rate.perSecond) * 1000);
  }

  /** Whether at least half of the burst is there. */
  get hasRecovered(): boolean {
    return this.level >= this.#rate.burst / 2;
  }
}

/** How much may come at once, and how fast it may go on. */
export interface Rate {
  /** What a full bucket holds. */
  readonly burst: number;
  readonly perSecond: number;
}
