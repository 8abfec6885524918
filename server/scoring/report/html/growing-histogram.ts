import type { Bins } from './page-data.js';

/** How many bins there are, at whatever width. */
const binCount = 40;

/**
 * Counts values from 0 up to nobody knows where, in a fixed number of bins: when a value lies beyond, neighbours are
 * merged and every bin is twice as wide. Negative values count in the first bin, what is no number nowhere.
 */
export class GrowingHistogram {
  #width: number;
  #counts: readonly number[] = Array.from({ length: binCount }, () => 0);

  /** `width` is that of the first bins, in the values' unit. */
  constructor(width: number) {
    this.#width = width;
  }

  add(value: number): void {
    if (!Number.isFinite(value)) return;
    while (value >= this.#width * binCount) this.#double();
    const bin = Math.max(0, Math.floor(value / this.#width));
    this.#counts = this.#counts.with(bin, (this.#counts[bin] ?? 0) + 1);
  }

  /** The bins up to the last that holds something. */
  bins(): Bins {
    const used = this.#counts.findLastIndex((count) => count > 0) + 1;
    return { start: 0, width: this.#width, counts: this.#counts.slice(0, used) };
  }

  #double(): void {
    const merged = (_: unknown, bin: number): number =>
      (this.#counts[2 * bin] ?? 0) + (this.#counts[2 * bin + 1] ?? 0);
    this.#counts = Array.from({ length: binCount }, merged);
    this.#width *= 2;
  }
}
