import type { ProactiveTurn } from './pauc-annotations.js';

/**
 * PAUC of one gold turn (arXiv 2507.09313), 0..1: the area under the step curve of the scores over the time
 * in which replies count, as a share of the greatest possible area. Each point moves towards the start of the
 * turn by the share `omega`, so that 0 takes timing fully into account and 1 not at all. A turn without a
 * point keeps the score before the first reply; one that takes no time has no area.
 */
export function pauc(turn: ProactiveTurn, points: readonly ScoredPoint[], omega: number): number {
  const [start, end] = turn.reply;
  if (points.length === 0) return startScore / highestScore;
  if (!(end > start)) return 0;
  let area = 0;
  let from = start;
  let score = startScore;
  for (const point of withoutLateLosses(turn, points)) {
    const at = start + (point.time - start) * (1 - omega);
    area += (at - from) * score;
    from = at;
    score = point.score;
  }
  area += (end - from) * score;
  return area / ((end - start) * highestScore);
}

/** What has been understood of a turn at some time: 0 wrong, 1 in part, 2 mostly. */
export interface ScoredPoint {
  /** Seconds. */
  readonly time: number;
  readonly score: number;
}

/** The highest score of a point. */
const highestScore = 2;
/** Before the first reply a viewer is left guessing. */
const startScore = 0.5;

/** A late reply cannot take away what was understood in time. A single point always counts. */
function withoutLateLosses(turn: ProactiveTurn, points: readonly ScoredPoint[]): readonly ScoredPoint[] {
  const inTime = points.findLast((point) => point.time <= turn.related[1]);
  if (points.length < 2 || inTime === undefined) return points;
  return points.filter((point) => point.time <= turn.related[1] || point.score >= inTime.score);
}
