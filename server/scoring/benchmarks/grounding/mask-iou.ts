import { thresholdGrid, thresholdsReached } from './threshold-grid.js';

/** Intersection over union of two masks of equal length; 0 where both are empty. */
export function maskIoU(predicted: readonly boolean[], gold: readonly boolean[]): number {
  let intersection = 0;
  let union = 0;
  for (const [index, isGold] of gold.entries()) {
    const isPredicted = predicted[index] === true;
    if (isPredicted && isGold) intersection += 1;
    if (isPredicted || isGold) union += 1;
  }
  return union === 0 ? 0 : intersection / union;
}

/**
 * Intersection over union, in frames, of the frames at or above each threshold of the grid and the gold
 * frames; 0 where both are empty. One pass over the track: a frame counts for every threshold it reaches.
 */
export function ioUPerThreshold(track: Float64Array, gold: readonly boolean[]): Float64Array {
  const inGold = new Float64Array(thresholdGrid.length + 1);
  const outside = new Float64Array(thresholdGrid.length + 1);
  let goldFrames = 0;
  for (let index = 0; index < gold.length; index += 1) {
    const isGold = gold[index] === true;
    const counts = isGold ? inGold : outside;
    const reached = thresholdsReached(track[index] ?? Number.NaN);
    counts[reached] = (counts[reached] ?? 0) + 1;
    if (isGold) goldFrames += 1;
  }
  const values = new Float64Array(thresholdGrid.length);
  let intersection = 0;
  let falseFrames = 0;
  for (let position = values.length - 1; position >= 0; position -= 1) {
    intersection += inGold[position + 1] ?? 0;
    falseFrames += outside[position + 1] ?? 0;
    const union = goldFrames + falseFrames;
    values[position] = union === 0 ? 0 : intersection / union;
  }
  return values;
}

/** The same, keeping of the frames at each threshold only the longest run. */
export function ioUOfLongestRuns(track: Float64Array, gold: readonly boolean[]): Float64Array {
  return Float64Array.from(thresholdGrid, (threshold) => {
    const predicted = Array.from(track, (value) => value >= threshold);
    return maskIoU(longestRun(predicted).mask, gold);
  });
}

/** The longest run of true frames and nothing else; the first one on ties. */
interface LongestRun {
  readonly mask: boolean[];
  /** Number of frames; 0 where none is true. */
  readonly length: number;
}

/** Keeps only the longest run of true frames. */
export function longestRun(mask: readonly boolean[]): LongestRun {
  let best = { start: 0, length: 0 };
  let start = 0;
  for (const [index, value] of mask.entries()) {
    if (!value) start = index + 1;
    else if (index + 1 - start > best.length) best = { start, length: index + 1 - start };
  }
  const end = best.start + best.length;
  return { mask: mask.map((_, index) => index >= best.start && index < end), length: best.length };
}
