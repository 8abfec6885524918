import { DuetError } from '../../../errors.js';
import type { FrameScores } from '../../model.js';
import type { KeyValueCache } from '../graphs/cache.js';
import type { CacheDecoder } from '../graphs/cache-decoder.js';
import type { LanguageDecoder } from '../graphs/language-decoder.js';
import type { Vocabulary } from '../graphs/vocabulary.js';

/**
 * Feeds embeddings [s, hidden] and returns the scores at each of `rows` (ascending, counted from the first
 * embedding).
 */
export async function feedForScores(
  target: FeedTarget,
  decoder: LanguageDecoder,
  embeddings: Float32Array,
  rows: readonly number[],
): Promise<FrameScores[]> {
  const { cache, hiddenSize, refuseIfAborted } = target;
  const scores: FrameScores[] = [];
  let first = 0;
  for (const chunk of chunks(target, embeddings)) {
    const count = chunk.length / hiddenSize;
    const { informative, relevance } = await decoder.appendForHeads(cache, chunk, refuseIfAborted);
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

/** Feeds embeddings [s, hidden] and returns what the vocabulary makes logits of, for the last row. */
export async function feedForLast(target: FeedTarget, embeddings: Float32Array): Promise<Float32Array> {
  const { decoder, cache, hiddenSize, refuseIfAborted } = target;
  const most = Math.min(rowsAtEnd, decoder.mostRows) * hiddenSize;
  const last = embeddings.subarray(Math.max(0, embeddings.length - most));
  await feedRows(target, embeddings.subarray(0, embeddings.length - last.length));
  return decoder.appendForLast(cache, last, refuseIfAborted);
}

/** Feeds embeddings [s, hidden]. */
export async function feedRows(target: FeedTarget, embeddings: Float32Array): Promise<void> {
  const { decoder, cache, refuseIfAborted } = target;
  for (const chunk of chunks(target, embeddings)) await decoder.append(cache, chunk, refuseIfAborted);
}

/** Feeds the tokens of a text slice by slice, so that more urgent calls can run between two slices. */
export async function feedText(
  target: FeedTarget,
  vocabulary: Pick<Vocabulary, 'embed'>,
  tokens: readonly number[],
  rows: number,
): Promise<void> {
  const { decoder, cache, refuseIfAborted } = target;
  const step = Math.min(rows, decoder.mostRows);
  for (let from = 0; from < tokens.length; from += step) {
    const embeddings = await vocabulary.embed(tokens.slice(from, from + step), 'patient');
    await decoder.append(cache, embeddings, refuseIfAborted, 'patient');
  }
}

/** What embeddings are fed into. */
export interface FeedTarget {
  readonly decoder: CacheDecoder;
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

/** Rows of the call that tells what comes next; what is before them needs no logits. */
const rowsAtEnd = 64;

function* chunks({ decoder, hiddenSize }: FeedTarget, embeddings: Float32Array): Generator<Float32Array> {
  const rows = Math.min(decoder.isShared ? rowsPerShortCall : rowsPerCall, decoder.mostRows);
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
