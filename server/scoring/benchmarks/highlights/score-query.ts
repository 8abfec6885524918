import { rankScores } from '../../statistics/ranking.js';
import { averagePrecision } from './average-precision.js';
import { annotatorCount, type HighlightAnnotation } from './highlight-annotations.js';

/**
 * Scores clip scores against the labels of every level. Clips beyond the labels count only for the best one.
 */
export function scoreQuery(clips: readonly number[], labels: readonly LevelLabels[]): QueryScore[] {
  const best = bestClip(clips);
  const clipCount = labels[0]?.byAny.length ?? 0;
  const ranking = rankScores(Array.from({ length: clipCount }, (_, clip) => clips[clip] ?? 0));
  return labels.map(({ byAnnotator, byAny }) => ({
    averagePrecisions: byAnnotator.map((each) => averagePrecision(each, ranking)),
    hit: byAny[best] === true ? 1 : 0,
  }));
}

/** What one query scores at one level. */
interface QueryScore {
  /** Average precision against each annotator. */
  readonly averagePrecisions: readonly number[];
  /** Whether any annotator agrees that the best clip is a highlight: 1 or 0. */
  readonly hit: number;
}

/** Which clips are highlights to whom, at one level. */
export interface LevelLabels {
  /** Per annotator, per clip. */
  readonly byAnnotator: readonly (readonly boolean[])[];
  /** Per clip, whether any annotator says so. */
  readonly byAny: readonly boolean[];
}

/** The labels of a query, per level; they are the same for every smoothing window. */
export function labelsOf(
  { clipCount, ratings }: HighlightAnnotation,
  levels: readonly HighlightLevel[],
): LevelLabels[] {
  const clips = Array.from({ length: clipCount }, (_, clip) => ratings.get(clip) ?? []);
  return levels.map(({ least }) => ({
    byAnnotator: Array.from({ length: annotatorCount }, (_, annotator) =>
      clips.map((rated) => (rated[annotator] ?? 0) >= least),
    ),
    byAny: clips.map((rated) => rated.some((rating) => rating >= least)),
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

/** How high an annotator must rate a clip for it to count as a highlight. */
export const highlightLevels = [
  { name: 'Fair', least: 2 },
  { name: 'Good', least: 3 },
  { name: 'VeryGood', least: 4 },
] as const;

/** One of {@link highlightLevels}. */
type HighlightLevel = (typeof highlightLevels)[number];
