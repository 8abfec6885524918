import type { AheadRows } from '../graphs/cache-decoder.js';
import type { Vocabulary } from '../graphs/vocabulary.js';
import { feedForLast, type FeedTarget } from './feed.js';

/**
 * Feeds a reply token by token, and computes those that will probably follow in the same call, which costs hardly
 * more than one of them: a decoder reads all of its weights either way. A token that was not foreseen throws away what
 * was computed behind it, so the reply is the same as without (Saxena 2023, prompt lookup decoding).
 */
export class DraftedTokens {
  readonly #vocabulary: Pick<Vocabulary, 'embed'>;
  readonly #foresee: (most: number) => readonly number[];
  #draft: Draft | null = null;

  /** `foresee`: what will probably follow the token that is being fed, at most so many tokens. */
  constructor(vocabulary: Pick<Vocabulary, 'embed'>, foresee: (most: number) => readonly number[]) {
    this.#vocabulary = vocabulary;
    this.#foresee = foresee;
  }

  /** Appends a token and returns what the vocabulary makes logits of for the next one. */
  async feed(target: FeedTarget, token: number): Promise<Float32Array> {
    const draft = this.#draft;
    const isForeseen = draft?.tokens[draft.used] === token;
    this.#draft = isForeseen ? draft : await this.#compute(target, token);
    return this.#draft === null
      ? feedForLast(target, await this.#vocabulary.embed([token]))
      : takeNext(target, this.#draft);
  }

  /** The rows of a token and of those foreseen behind it; null if there are none. */
  async #compute(target: FeedTarget, token: number): Promise<Draft | null> {
    const { decoder, cache, refuseIfAborted } = target;
    if (decoder.lookAhead === undefined) return null;
    const room = Math.min(decoder.mostRows, cache.shape.maxRows - cache.length) - 1;
    const foreseen = this.#foresee(Math.min(mostForeseen, room));
    if (foreseen.length === 0) return null;
    const tokens = [token, ...foreseen];
    const embeddings = await this.#vocabulary.embed(tokens);
    return { tokens, rows: await decoder.lookAhead(cache, embeddings, refuseIfAborted), used: 0 };
  }
}

/** Tokens whose rows were computed at once. */
interface Draft {
  readonly tokens: readonly number[];
  readonly rows: AheadRows;
  /** How many of them have been appended. */
  used: number;
}

/** More would cost more than they save: the further ahead, the less probable. */
const mostForeseen = 8;

function takeNext({ cache, hiddenSize, refuseIfAborted }: FeedTarget, draft: Draft): Float32Array {
  refuseIfAborted();
  const { headSize } = cache.shape;
  const row = draft.used;
  cache.append(
    1,
    draft.rows.slots.map((slot) => slot.subarray(row * headSize, (row + 1) * headSize)),
  );
  draft.used += 1;
  return draft.rows.hidden.slice(row * hiddenSize, (row + 1) * hiddenSize);
}
