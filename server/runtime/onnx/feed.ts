import type { Decoder } from './decoder.js';
import type { KeyValueCache } from './cache.js';
import { probabilityOfSecondClass } from './heads.js';
import type { FrameScores } from '../model.js';

/** Most rows in one decoder call. Longer stretches are cut up: attention's memory grows with rows times context, and others wait. */
export const rowsPerCall = 512;

/** Where a stretch of embeddings is fed. */
export interface FeedTarget {
  readonly decoder: Decoder;
  readonly cache: KeyValueCache;
  readonly hiddenSize: number;
  /** Throws when the work is no longer wanted; asked before every call. */
  readonly refuseIfAborted: () => void;
}

/** Feeds embeddings [s, hidden] and gives the hidden state of the last row, [hidden]. */
export async function feedForHidden(target: FeedTarget, embeddings: Float32Array): Promise<Float32Array> {
  const { decoder, cache, hiddenSize, refuseIfAborted } = target;
  let hidden = new Float32Array(hiddenSize);
  for (const chunk of chunks(embeddings, hiddenSize)) {
    const outputs = await decoder.append(cache, chunk, ['hidden'], refuseIfAborted);
    hidden = new Float32Array(outputs.floats('hidden', chunk.length).subarray(chunk.length - hiddenSize));
  }
  return hidden;
}

/** Feeds embeddings [s, hidden] of text nobody has to answer yet. */
export async function feedText(target: FeedTarget, embeddings: Float32Array): Promise<void> {
  const { decoder, cache, hiddenSize, refuseIfAborted } = target;
  for (const chunk of chunks(embeddings, hiddenSize)) await decoder.append(cache, chunk, [], refuseIfAborted);
}

/** Feeds embeddings [s, hidden] and gives the scores read at each of `rows` (ascending, counted from the first embedding). */
export async function feedForScores(
  target: FeedTarget,
  embeddings: Float32Array,
  rows: readonly number[],
): Promise<FrameScores[]> {
  const { decoder, cache, hiddenSize, refuseIfAborted } = target;
  const scores: FrameScores[] = [];
  let first = 0;
  for (const chunk of chunks(embeddings, hiddenSize)) {
    const count = chunk.length / hiddenSize;
    const outputs = await decoder.append(cache, chunk, ['informative', 'relevance'], refuseIfAborted);
    const informative = outputs.floats('informative', count * 2);
    const relevance = outputs.floats('relevance', count * 2);
    for (const row of rows) {
      if (row < first || row >= first + count) continue;
      scores.push({
        informative: probabilityOfSecondClass(informative, row - first),
        relevance: probabilityOfSecondClass(relevance, row - first),
      });
    }
    first += count;
  }
  return scores;
}

function* chunks(embeddings: Float32Array, hiddenSize: number): Generator<Float32Array> {
  const length = rowsPerCall * hiddenSize;
  for (let from = 0; from < embeddings.length; from += length) {
    yield embeddings.subarray(from, Math.min(from + length, embeddings.length));
  }
}
