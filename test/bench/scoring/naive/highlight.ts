import type { OnlinePrediction } from '../../../../server/scoring/data/prediction.js';
import type { HighlightAnnotation } from '../../../../server/scoring/benchmarks/highlights/highlight-annotations.js';
import { average, smooth } from './smooth.js';

/**
 * Highlight detection as the formulas are written. Rows of [mAP, Hit@1] in percent, by window and then by
 * level.
 */
export function naiveHighlight(
  predictions: readonly OnlinePrediction[],
  gold: ReadonlyMap<string, HighlightAnnotation>,
): number[][] {
  const rows: number[][] = [];
  for (let window = 0; window < 15; window += 1) {
    const queries = predictions.flatMap((prediction) => {
      const annotation = gold.get(String(prediction.questionId));
      return annotation === undefined ? [] : [{ annotation, clips: clipScores(prediction, window) }];
    });
    for (const level of [2, 3, 4]) {
      const scores = queries.map(({ clips, annotation }) => scoreQuery(clips, annotation, level));
      rows.push([0, 1].map((column) => average(scores.map((score) => score[column] ?? 0)) * 100));
    }
  }
  return rows;
}

/** Sums of the frames of every two seconds. */
function clipScores({ frames }: OnlinePrediction, window: number): number[] {
  const smoothed = smooth(
    frames.map((frame) => frame.relevance ?? 0),
    window,
  );
  const clips: number[] = [];
  for (const [index, { time }] of frames.entries()) {
    const clip = Math.floor(time / 2);
    clips[clip] = (clips[clip] ?? 0) + (smoothed[index] ?? 0);
  }
  return clips;
}

function scoreQuery(
  clips: readonly number[],
  { clipCount, ratings }: HighlightAnnotation,
  level: number,
): [number, number] {
  const best = clips.indexOf(Math.max(...clips));
  const isHit = best < clipCount && (ratings.get(best) ?? []).some((rating) => rating >= level);
  const precisions = [0, 1, 2].map((annotator) => {
    const labels = Array.from(
      { length: clipCount },
      (_, clip) => (ratings.get(clip)?.[annotator] ?? 0) >= level,
    );
    return averagePrecision(
      labels,
      labels.map((_, clip) => clips[clip] ?? 0),
    );
  });
  return [average(precisions), isHit ? 1 : 0];
}

/** Over the distinct scores as thresholds, ascending, each time counting all clips. */
function averagePrecision(labels: readonly boolean[], scores: readonly number[]): number {
  const positives = labels.filter(Boolean).length;
  if (positives === 0 || positives === labels.length) return positives === 0 ? 0 : 1;
  const thresholds = [...new Set(scores)].sort((a, b) => a - b);
  const points = thresholds.map((threshold) => {
    let [found, named] = [0, 0];
    for (const [index, score] of scores.entries()) {
      if (score < threshold) continue;
      named += 1;
      if (labels[index] === true) found += 1;
    }
    return { precision: found / named, recall: found / positives };
  });
  const curve = [...points, { precision: 1, recall: 0 }];
  let highest = 0;
  const raised = curve.map(({ precision }) => (highest = Math.max(highest, precision)));
  const changes = raised.filter((_, index) => {
    const [here, next] = [curve[index], curve[index + 1]];
    return here && next && Math.fround(here.recall) !== Math.fround(next.recall);
  });
  return average(changes);
}
