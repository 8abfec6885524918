/** One measured figure. */
export interface Measurement {
  readonly name: string;
  /** The median, where there were several samples. */
  readonly value: number;
  readonly unit: string;
  /** What the samples were between; absent where there was one. */
  readonly range?: Range;
  /** What we want it to be, in words; absent where a figure only informs. */
  readonly aim?: string;
  /** How it was measured, or why it was left out. */
  readonly note?: string;
}

/** The least and the most of so many samples. */
interface Range {
  readonly low: number;
  readonly high: number;
  readonly samples: number;
}

/** How it is measured. */
export interface BenchOptions {
  /** Threads of one model call, of ours and of rivals alike. */
  readonly threads: number;
  /** How often those that are compared take their turn. */
  readonly rounds: number;
}

/** A benchmark: measures, and gives its figures. */
export interface Benchmark {
  readonly name: string;
  readonly run: (options: BenchOptions) => Promise<readonly Measurement[]>;
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

/** The median of the samples, and what they were between. */
export function spread(samples: readonly number[]): Required<Pick<Measurement, 'value' | 'range'>> {
  const range = { low: Math.min(...samples), high: Math.max(...samples), samples: samples.length };
  return { value: median(samples), range };
}

/**
 * What some work took, in seconds: on the clock, and of the processor in all threads of its process together.
 */
export interface Spent {
  readonly wall: number;
  readonly cpu: number;
}

/** What the work takes of this process. */
export async function spentOn(work: () => Promise<unknown>): Promise<Spent> {
  const [started, before] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(before);
  return { wall: (performance.now() - started) / 1000, cpu: (user + system) / 1e6 };
}
