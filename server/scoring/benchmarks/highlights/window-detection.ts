import type { Span } from '../../data/span.js';

/** A predicted window with its confidence: start and end in seconds, then the score. */
export type ScoredWindow = readonly [start: number, end: number, score: number];

/** More predictions than this are not looked at. */
const mostPredictions = 10;

/**
 * Average precision of detections at an IoU threshold: from the most confident down (stable), each takes the
 * free gold window of highest IoU that reaches the threshold; the value is the area under the monotone
 * precision envelope, as in PASCAL VOC 2011.
 */
export function detectionAveragePrecision(
  predicted: readonly ScoredWindow[],
  gold: readonly Span[],
  threshold: number,
): number {
  const ranked = predicted.slice(0, mostPredictions).sort((a, b) => b[2] - a[2]);
  const taken = new Set<number>();
  let area = 0;
  const precisions: number[] = [];
  for (const [rank, window] of ranked.entries()) {
    const match = bestFreeGold(window, gold, taken, threshold);
    if (match === null) continue;
    taken.add(match);
    precisions.push(taken.size / (rank + 1));
  }
  let envelope = 0;
  for (const precision of precisions.reverse()) {
    envelope = Math.max(envelope, precision);
    area += envelope / gold.length;
  }
  return area;
}

/** IoU, over the hull of the two, of the first predicted window with the gold window it overlaps best. */
export function topWindowIoU(predicted: readonly ScoredWindow[], gold: readonly Span[]): number {
  const [top] = predicted;
  if (top === undefined) return 0;
  const best = gold.reduce<Span | null>(
    (winner, window) =>
      winner !== null && windowIoU(top, winner) >= windowIoU(top, window) ? winner : window,
    null,
  );
  if (best === null) return 0;
  const hull = Math.max(top[1], best[1]) - Math.min(top[0], best[0]);
  return hull === 0 ? 0 : overlap(top, best) / hull;
}

function bestFreeGold(
  window: ScoredWindow,
  gold: readonly Span[],
  taken: ReadonlySet<number>,
  threshold: number,
): number | null {
  let best: number | null = null;
  let bestIoU = threshold;
  for (const [index, candidate] of gold.entries()) {
    const value = windowIoU(window, candidate);
    if (taken.has(index) || value < threshold || (best !== null && value <= bestIoU)) continue;
    best = index;
    bestIoU = value;
  }
  return best;
}

type Ends = readonly [start: number, end: number, ...rest: number[]];

function windowIoU(first: Ends, second: Ends): number {
  const shared = overlap(first, second);
  const union = first[1] - first[0] + (second[1] - second[0]) - shared;
  return union === 0 ? 0 : shared / union;
}

function overlap(first: Ends, second: Ends): number {
  return Math.max(0, Math.min(first[1], second[1]) - Math.max(first[0], second[0]));
}
