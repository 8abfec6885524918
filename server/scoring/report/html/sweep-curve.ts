import type { CurvePoint } from './page-data.js';

/** What one threshold gave. */
export interface SweepPoint {
  readonly threshold: number;
  /** Null where there was nothing to average; so are the turns. */
  readonly score: number | null;
  readonly turns: number | null;
  readonly turnsDedup: number | null;
  /** Whether this is the threshold that the report's figures belong to. */
  readonly chosen: boolean;
}

/** Scores over thresholds. */
export interface SweepCurve {
  readonly metric: string;
  readonly points: readonly SweepPoint[];
  /** Whether the model ran once and every point follows exactly from that run; otherwise it ran anew for each. */
  readonly exact: boolean;
  /** What a reader must know of how the points came about. */
  readonly note: string | null;
}

/**
 * The points in the order of their thresholds. The first one of the best score is marked: it was found on the data that
 * it is reported for, which makes it an oracle.
 */
export function curvePoints({ points }: SweepCurve): readonly CurvePoint[] {
  const ordered = points
    .filter(({ threshold }) => Number.isFinite(threshold))
    .sort((one, other) => one.threshold - other.threshold);
  const scores = ordered.map(({ score }) => (score !== null && Number.isFinite(score) ? score : -Infinity));
  const best = Math.max(...scores);
  const oracle = best === -Infinity ? -1 : scores.indexOf(best);
  return ordered.map(({ threshold, score, turns, turnsDedup, chosen }, index) => {
    return { threshold, score, turns, turnsDedup, chosen, oracle: index === oracle };
  });
}
