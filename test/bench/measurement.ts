/** One measured figure. */
export interface Measurement {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What we want it to be, in words; absent where a figure only informs. */
  readonly aim?: string;
  /** How it was measured, or why it was left out. */
  readonly note?: string;
}

/** A benchmark: measures, and gives its figures. */
export interface Benchmark {
  readonly name: string;
  readonly run: () => Promise<readonly Measurement[]>;
}

/** The value below which `share` of the samples lie (nearest rank). */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}

/** The middle of the samples: what a noisy machine does most of the time. */
export function median(samples: readonly number[]): number {
  return percentile(samples, 0.5);
}
