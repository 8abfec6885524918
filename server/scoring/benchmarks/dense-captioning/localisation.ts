import type { Span } from '../../data/span.js';
import { mean } from '../../statistics/mean.js';

/** The IoU above which a caption counts as placed right. */
export const localisationThresholds = [0.3, 0.5, 0.7, 0.9] as const;

/** How well the captions of one video are placed, 0..1. */
interface Localisation {
  /** Share of the predicted captions that lie on some gold one, per threshold. */
  readonly precision: readonly number[];
  /** Share of the gold captions that some predicted one lies on, per threshold. */
  readonly recall: readonly number[];
  readonly precisionMean: number;
  readonly recallMean: number;
  /** Harmonic mean of the two means; 0 where both are. */
  readonly f1: number;
}

/** Scores an IoU matrix gold x predicted of a video with `predictedCount` captions, which may be none. */
export function localise(ioU: readonly (readonly number[])[], predictedCount: number): Localisation {
  const columns = Array.from({ length: predictedCount }, (_, column) => ioU.map((row) => row[column] ?? 0));
  const precision = localisationThresholds.map(
    (threshold) => covered(columns, threshold) / Math.max(predictedCount, 1),
  );
  const recall = localisationThresholds.map((threshold) => covered(ioU, threshold) / Math.max(ioU.length, 1));
  const precisionMean = mean(precision);
  const recallMean = mean(recall);
  const sum = precisionMean + recallMean;
  return {
    precision,
    recall,
    precisionMean,
    recallMean,
    f1: sum === 0 ? 0 : (2 * precisionMean * recallMean) / sum,
  };
}

function covered(lines: readonly (readonly number[])[], threshold: number): number {
  return lines.filter((line) => line.some((value) => value > threshold)).length;
}

/**
 * Intersection over union of two spans, whose ends may be in either order. A small term in the denominator
 * keeps two empty stretches from dividing by zero; it also puts a perfect match just below 1 and an exact
 * half below 0.5.
 */
function intervalIoU(first: Span, second: Span): number {
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
