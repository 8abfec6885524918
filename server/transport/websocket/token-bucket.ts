/**
 * A budget that refills over time, up to its burst. Data that has already arrived cannot be refused, so
 * spending may go into debt, which time pays off.
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

  /** What is left; negative when in debt. */
  get level(): number {
    const now = this.#now();
    const earned = ((now - this.#filledAt) / 1000) * this.#rate.perSecond;
    this.#level = Math.min(this.#rate.burst, this.#level + earned);
    this.#filledAt = now;
    return this.#level;
  }

  /** Spends `amount`, going into debt if necessary. */
  spend(amount = 1): void {
    this.#level = this.level - amount;
  }

  /** Spends `amount` only if it is available; returns whether it was. */
  trySpend(amount = 1): boolean {
    if (this.level < amount) return false;
    this.spend(amount);
    return true;
  }

  /** Milliseconds until the debt is paid off. */
  get debtMs(): number {
    return Math.max(0, (-this.level / this.#rate.perSecond) * 1000);
  }

  /** Whether at least half of the burst is available. */
  get hasRecovered(): boolean {
    return this.level >= this.#rate.burst / 2;
  }
}

/** How much may arrive at once, and at what rate after that. */
export interface Rate {
  /** Capacity of the bucket. */
  readonly burst: number;
  readonly perSecond: number;
}
