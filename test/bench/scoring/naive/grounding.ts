import type { OnlinePrediction } from '../../../../server/scoring/data/prediction.js';
import type { GroundingAnnotation } from '../../../../server/scoring/benchmarks/grounding/grounding-annotations.js';
import { average, smooth } from './smooth.js';

/**
 * Temporal grounding as the formulas are written: every window adds up its frames anew, and every threshold
 * looks at every frame of every track. Rows of [mean IoU, share >= 0.3, 0.5, 0.7] in percent, by window and
 * then by threshold.
 */
export function naiveGrounding(
  predictions: readonly OnlinePrediction[],
  gold: ReadonlyMap<string, GroundingAnnotation>,
): number[][] {
  const rows: number[][] = [];
  const step = 0.3 + 0.02 - 0.3;
  for (let window = 0; window < 15; window += 1) {
    const tracks = predictions.map((prediction) => {
      const { frames } = prediction;
      const spans = gold.get(String(prediction.questionId))?.spans ?? [];
      const actual = frames.map(({ time }) => spans.some(([start, end]) => start <= time && time <= end));
      return {
        scores: normalised(
          smooth(
            frames.map((frame) => frame.relevance ?? 0),
            window,
          ),
        ),
        actual,
      };
    });
    for (let position = 0; position < 21; position += 1) {
      const values = tracks.map(({ scores, actual }) => frameIoU(scores, actual, 0.3 + position * step));
      const atLeast = (least: number) => values.filter((value) => value >= least).length / values.length;
      rows.push([average(values), atLeast(0.3), atLeast(0.5), atLeast(0.7)].map((value) => value * 100));
    }
  }
  return rows;
}

function normalised(values: readonly number[]): number[] {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return values.map((value) => (value - least) / (most - least));
}

function frameIoU(scores: readonly number[], actual: readonly boolean[], threshold: number): number {
  let both = 0;
  let either = 0;
  for (const [index, score] of scores.entries()) {
    const isPredicted = score >= threshold;
    const isActual = actual[index] === true;
    if (isPredicted && isActual) both += 1;
    if (isPredicted || isActual) either += 1;
  }
  return either === 0 ? 0 : both / either;
}
