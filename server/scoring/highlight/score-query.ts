import { averagePrecision } from './average-precision.js';
import { annotatorCount, type HighlightAnnotation } from './highlight-annotations.js';
import type { HighlightLevel } from './levels.js';
import { rankScores } from './precision-recall.js';

/** What one query scores at one level. */
export interface QueryScore {
  /** Average precision against each annotator. */
  readonly averagePrecisions: readonly number[];
  /** Whether any annotator agrees that the best clip is a highlight: 1 or 0. */
  readonly hit: number;
}

/** Scores clip scores against the ratings, at several levels. */
export function scoreQuery(
  clips: readonly number[],
  annotation: HighlightAnnotation,
  levels: readonly HighlightLevel[],
): QueryScore[] {
  const best = bestClip(clips);
  const fitted = Array.from({ length: annotation.clipCount }, (_, clip) => clips[clip] ?? 0);
  const ranking = rankScores(fitted);
  return levels.map(({ least }) => ({
    averagePrecisions: Array.from({ length: annotatorCount }, (_, annotator) => {
      const labels = fitted.map((_score, clip) => isHighlight(annotation, clip, annotator, least));
      return averagePrecision(labels, ranking);
    }),
    hit: best < annotation.clipCount && isHighlightForAny(annotation, best, least) ? 1 : 0,
  }));
}

/** The first clip with the highest score; -1 for no clips. */
export function bestClip(clips: readonly number[]): number {
  let best = -1;
  for (const [clip, score] of clips.entries()) {
    if (best === -1 || score > (clips[best] ?? 0)) best = clip;
  }
  return best;
}

function isHighlight(
  { ratings }: HighlightAnnotation,
  clip: number,
  annotator: number,
  least: number,
): boolean {
  return (ratings.get(clip)?.[annotator] ?? 0) >= least;
}

function isHighlightForAny({ ratings }: HighlightAnnotation, clip: number, least: number): boolean {
  return (ratings.get(clip) ?? []).some((rating) => rating >= least);
}
