import { DuetError } from '../../../errors.js';
import type { FrameScores } from '../../model.js';
import type { KeyValueCache } from '../graphs/cache.js';
import type { LanguageDecoder } from '../graphs/language-decoder.js';
import type { Vocabulary } from '../graphs/vocabulary.js';

/**
 * Feeds embeddings [s, hidden] and returns the scores at each of `rows` (ascending, counted from the first
 * embedding).
 */
export async function feedForScores(
  target: FeedTarget,
  embeddings: Float32Array,
  rows: readonly number[],
): Promise<FrameScores[]> {
  const { decoder, cache, hiddenSize, refuseIfAborted } = target;
  const scores: FrameScores[] = [];
  let first = 0;
  for (const chunk of chunks(embeddings, hiddenSize, decoder.isShared ? rowsPerShortCall : rowsPerCall)) {
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

/** Feeds embeddings [s, hidden] and returns the hidden state of the last row, [hidden]. */
export async function feedForHidden(target: FeedTarget, embeddings: Float32Array): Promise<Float32Array> {
  const { decoder, cache, hiddenSize, refuseIfAborted } = target;
  let hidden = new Float32Array(hiddenSize);
  for (const chunk of chunks(embeddings, hiddenSize, rowsPerCall)) {
    const outputs = await decoder.append(cache, chunk, ['hidden'], refuseIfAborted);
    hidden = new Float32Array(outputs.floats('hidden', chunk.length).subarray(chunk.length - hiddenSize));
  }
  return hidden;
}

/** Feeds the tokens of a text slice by slice, so that more urgent calls can run between two slices. */
export async function feedText(
  target: FeedTarget,
  vocabulary: Vocabulary,
  tokens: readonly number[],
  rows: number,
): Promise<void> {
  const { decoder, cache, refuseIfAborted } = target;
  for (let from = 0; from < tokens.length; from += rows) {
    const embeddings = await vocabulary.embed(tokens.slice(from, from + rows), 'patient');
    await decoder.append(cache, embeddings, [], refuseIfAborted, 'patient');
  }
}

/** What embeddings are fed into. */
export interface FeedTarget {
  readonly decoder: LanguageDecoder;
  readonly cache: KeyValueCache;
  readonly hiddenSize: number;
  /** Throws if the work has been aborted; called before every model call. */
  readonly refuseIfAborted: () => void;
}

/** Most rows of frames per decoder call: attention memory grows with rows times context length. */
const rowsPerCall = 512;

/** The same while other contexts work in real time, so that their frames wait for a short call at most. */
const rowsPerShortCall = 64;

/** Rows of text per call. Other contexts' calls run in between; fewer rows make long texts slower. */
export const defaultRowsPerSlice = 64;

function* chunks(embeddings: Float32Array, hiddenSize: number, rows: number): Generator<Float32Array> {
  const length = rows * hiddenSize;
  for (let from = 0; from < embeddings.length; from += length) {
    yield embeddings.subarray(from, Math.min(from + length, embeddings.length));
  }
}

/**
 * Probability of the second of two classes: softmax over the two logits of `row`, index 1. Throws
 * 'model_failed' if it is NaN.
 */
export function probabilityOfSecondClass(logits: Float32Array, row: number): number {
  const first = logits[row * 2];
  const second = logits[row * 2 + 1];
  if (first === undefined || second === undefined) {
    throw new DuetError('model_failed', `a head gave ${logits.length / 2} rows where row ${row} was needed`);
  }
  const probability = 1 / (1 + Math.exp(first - second));
  if (Number.isNaN(probability)) {
    throw new DuetError(
      'model_failed',
      `a head gave the logits ${first} and ${second}; the model's weights are damaged or overflow`,
    );
  }
  return probability;
}
