import type { Bins } from './page-data.js';

/** Counts values between two ends: what lies beyond counts in the bin at that end; NaN is not counted. */
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

/** How many bins there are, at whatever width. */
const binCount = 40;

/**
 * Counts values from 0 without a known upper end, in a fixed number of bins: when a value lies beyond the
 * last, neighbours are merged and every bin is twice as wide. Negative values count in the first bin; NaN is
 * not counted.
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

/** About how many bins values are counted in. */
const aboutBins = 24;

/** Counts values in bins of a round width that cover them all; the highest value counts in the last bin. */
export function valueBins(values: readonly number[]): Bins {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return { start: 0, width: 1, counts: [] };
  const width = roundWidth((high - low) / aboutBins);
  const first = Math.floor(low / width + 1e-9);
  const bins = Math.max(1, Math.ceil(high / width - 1e-9) - first);
  const histogram = new FixedHistogram(first * width, (first + bins) * width, bins);
  for (const value of values) histogram.add(value + width * 1e-9);
  return histogram.bins();
}

/** The next of 1, 2, 5, 10 and so on, at any power of ten. */
function roundWidth(least: number): number {
  if (least <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5].find((step) => step * power >= least) ?? 10);
}
