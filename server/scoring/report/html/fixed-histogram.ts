import type { Bins } from './page-data.js';

/** Counts values between two ends; what lies beyond counts in the bin at that end, what is no number nowhere. */
export class FixedHistogram {
  readonly #low: number;
  readonly #width: number;
  readonly #counts: number[];

  constructor(low: number, high: number, bins: number) {
    this.#low = low;
    this.#width = (high - low) / bins;
    this.#counts = Array.from({ length: bins }, () => 0);
  }

  add(value: number): void {
    if (!Number.isFinite(value)) return;
    const bin = Math.floor((value - this.#low) / this.#width);
    const within = Math.min(this.#counts.length - 1, Math.max(0, bin));
    this.#counts[within] = (this.#counts[within] ?? 0) + 1;
  }

  bins(): Bins {
    return { start: this.#low, width: this.#width, counts: [...this.#counts] };
  }
}
