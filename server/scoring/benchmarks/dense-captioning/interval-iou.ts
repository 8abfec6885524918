import type { Span } from '../../data/span.js';

/**
 * Intersection over union of two stretches, whichever way round their ends are. A small term in the denominator keeps
 * two empty stretches from dividing by zero; it also puts a perfect match just below 1 and an exact half below 0.5.
 */
export function intervalIoU(first: Span, second: Span): number {
  const [start1, end1] = sorted(first);
  const [start2, end2] = sorted(second);
  const intersection = Math.max(0, Math.min(end1, end2) - Math.max(start1, start2));
  const hull = Math.max(end1, end2) - Math.min(start1, start2);
  const union = Math.min(hull, end1 - start1 + (end2 - start2));
  return intersection / (union + 1e-8);
}

function sorted([a, b]: Span): Span {
  return a <= b ? [a, b] : [b, a];
}

/** IoU of every gold stretch with every predicted one: one row per gold stretch. */
export function ioUMatrix(gold: readonly Span[], predicted: readonly Span[]): number[][] {
  return gold.map((goldSpan) => predicted.map((span) => intervalIoU(span, goldSpan)));
}
