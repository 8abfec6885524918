import { mean } from '../../statistics/mean.js';

/** The IoU above which a caption counts as placed right. */
export const localisationThresholds = [0.3, 0.5, 0.7, 0.9] as const;

/** How well the captions of one video are placed, 0..1. */
export interface Localisation {
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
