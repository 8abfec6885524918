import { DuetError } from '../../../errors.js';
import type { Vocabulary } from '../graphs/vocabulary.js';
import { feedForLast, type FeedTarget } from './feed.js';

/**
 * Feeds a reply token by token, and computes those that will probably follow in the same call, which costs
 * hardly more than one of them: a decoder reads all of its weights either way. A token that was not foreseen
 * throws away what was computed behind it, so the reply is the same as without (Saxena 2023, prompt lookup
 * decoding).
 */
export class DraftedTokens {
  readonly #vocabulary: Pick<Vocabulary, 'embed' | 'logits' | 'logitsOfRows'>;
  readonly #foresee: (most: number) => readonly number[];
  #draft: Draft | null = null;

  /** `foresee`: what will probably follow the tokens that are being fed, at most so many tokens. */
  constructor(
    vocabulary: Pick<Vocabulary, 'embed' | 'logits' | 'logitsOfRows'>,
    foresee: (most: number) => readonly number[],
  ) {
    this.#vocabulary = vocabulary;
    this.#foresee = foresee;
  }

  /** Appends tokens and returns the logits of the one behind them. */
  async feed(target: FeedTarget, tokens: readonly number[]): Promise<Float32Array> {
    const draft = this.#draft;
    const isForeseen =
      draft !== null && tokens.every((token, index) => draft.tokens[draft.used + index] === token);
    this.#draft = isForeseen ? draft : await this.#compute(target, tokens);
    return this.#draft === null
      ? this.#vocabulary.logits(await feedForLast(target, await this.#vocabulary.embed(tokens)))
      : takeNext(target, this.#draft, tokens.length);
  }

  /** The rows of tokens and of those foreseen behind them; null if there are none. */
  async #compute(
    { decoder, cache, refuseIfAborted, hiddenSize }: FeedTarget,
    tokens: readonly number[],
  ): Promise<Draft | null> {
    if (decoder.lookAhead === undefined) return null;
    const room = Math.min(decoder.mostRows, cache.shape.maxRows - cache.length) - tokens.length;
    const foreseen = this.#foresee(Math.min(mostForeseen, room));
    if (foreseen.length === 0) return null;
    const all = [...tokens, ...foreseen];
    const embeddings = await this.#vocabulary.embed(all);
    const { slots, hidden } = await decoder.lookAhead(cache, embeddings, refuseIfAborted);
    const logits = await this.#vocabulary.logitsOfRows(hidden.subarray((tokens.length - 1) * hiddenSize));
    return { tokens: all, slots, logits, used: 0 };
  }
}

/** Tokens whose rows were computed at once, which belong to no cache yet. */
interface Draft {
  readonly tokens: readonly number[];
  /** Their rows of each slot of the cache. */
  readonly slots: readonly Float32Array[];
  /** The logits behind each of them from the last one on that was fed to begin with. */
  readonly logits: readonly Float32Array[];
  /** How many have been appended. */
  used: number;
}

/** More would cost more than they save: the further ahead, the less probable. */
const mostForeseen = 8;

function takeNext({ cache, refuseIfAborted }: FeedTarget, draft: Draft, count: number): Float32Array {
  refuseIfAborted();
  const [from, to] = [draft.used, draft.used + count];
  const { headSize } = cache.shape;
  cache.append(
    count,
    draft.slots.map((slot) => slot.subarray(from * headSize, to * headSize)),
  );
  draft.used = to;
  const logits = draft.logits.at(to - draft.tokens.length - 1);
  if (logits === undefined) throw new DuetError('internal', 'a draft was used beyond its end');
  return logits;
}
