import { median, percentile } from '../bench/measurement.js';
import type { Block, EndlessRun } from './endless-session.js';

/** What an endless run shows. Warm-up is the first tenth. */
export function endlessFigures({ blocks, evictions }: EndlessRun): EndlessFigures {
  const warm = blocks.slice(Math.floor(blocks.length / 10));
  // One block of a short run says more of the machine just then than of the run.
  const share = Math.max(Math.min(8, Math.floor(warm.length / 3)), Math.floor(blocks.length / 20));
  const [first, last] = [warm.slice(0, share), warm.slice(-share)];
  const relative = ({ cpuMs, controlMs }: Block) => cpuMs / controlMs;
  const later = blocks.slice(Math.floor(blocks.length / 4));
  return {
    frames: blocks.at(-1)?.frames ?? 0,
    firstMs: median(first.map(({ cpuMs }) => cpuMs)),
    lastMs: median(last.map(({ cpuMs }) => cpuMs)),
    change: median(last.map(relative)) / median(first.map(relative)) - 1,
    tokensLeast: Math.min(...warm.map(({ tokens }) => tokens)),
    tokensMost: Math.max(...warm.map(({ tokens }) => tokens)),
    cacheBytes: [...new Set(warm.map(({ bytes }) => bytes))],
    residentMegabytes: (later.at(-1)?.residentBytes ?? 0) / 1e6,
    residentSlope: slope(later.map(({ frames, residentBytes }) => [frames / 1e4, residentBytes / 1e6])),
    evictions: evictions.length,
    evictionMedianMs: median(evictions),
    evictionMostMs: percentile(evictions, 1),
  };
}

/** The figures of an endless run. */
interface EndlessFigures {
  readonly frames: number;
  /** CPU milliseconds of a frame in the first and last twentieth after warm-up, eight blocks at least. */
  readonly firstMs: number;
  readonly lastMs: number;
  /** Change of a frame's cost between the two, each relative to the machine's speed then. */
  readonly change: number;
  readonly tokensLeast: number;
  readonly tokensMost: number;
  /** Every size that the cache had after warm-up. */
  readonly cacheBytes: readonly number[];
  readonly residentMegabytes: number;
  /** Megabytes of resident memory for each 10,000 frames, fitted over the last three quarters. */
  readonly residentSlope: number;
  readonly evictions: number;
  readonly evictionMedianMs: number;
  readonly evictionMostMs: number;
}

/** Least squares. */
function slope(points: readonly (readonly [number, number])[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(points.map(([at]) => at)), mean(points.map(([, value]) => value))];
  const covariance = points.reduce((sum, [at, value]) => sum + (at - x) * (value - y), 0);
  return covariance / points.reduce((sum, [at]) => sum + (at - x) ** 2, 0);
}
