import type { PredictionSource } from '../../../server/scoring/data/match-predictions.js';
import type { Prediction } from '../../../server/scoring/data/prediction.js';
import { readPredictions } from '../../../server/scoring/data/read-predictions.js';
import { goldenPath } from './golden.js';

/** Predictions of a fixture file. */
export function goldenSource(name: string, frames = true): PredictionSource {
  return { file: name, predictions: readPredictions(goldenPath(name), { frames }) };
}

/** Predictions made in a test. */
export function sourceOf(predictions: readonly Prediction[]): PredictionSource {
  return { file: 'pred.jsonl', predictions: asStream(predictions) };
}

async function* asStream(predictions: readonly Prediction[]): AsyncGenerator<Prediction> {
  await Promise.resolve();
  yield* predictions;
}

/** Everything a stream yields. */
export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}
