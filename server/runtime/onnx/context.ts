import { DuetError } from '../../errors.js';
import type { Picture } from '../../video/frame.js';
import type {
  ContextMark,
  ContextOptions,
  DuetContext,
  ReplyOptions,
  ReplyPart,
  ScoredFrame,
} from '../model.js';
import { KeyValueCache } from './cache.js';
import { layOut, owedByReply, turnAfterRemovedReply } from './chat-layout.js';
import type { LayoutEvent, Turn } from './chat-layout.js';
import { Detokenizer } from './detokenizer.js';
import { feedForHidden, feedForScores, feedText } from './feed.js';
import type { FeedTarget } from './feed.js';
import { Generation } from './generation.js';
import type { ModelParts } from './model-parts.js';

interface Place {
  readonly length: number;
  readonly turn: Turn;
  /** The last token of a kept reply, which is fed with what follows it. */
  readonly lastOfReply: number | null;
}

/** A context on this thread: its cache and its place in the chat markup. A call that fails or is aborted leaves it as it was. */
export class OnnxContext implements DuetContext {
  readonly #parts: ModelParts;
  readonly #options: ContextOptions;
  #cache: KeyValueCache;
  #turn: Turn = 'empty';
  #lastOfReply: number | null = null;
  /** Every token generated here, for the repetition penalty; removed replies count too. */
  readonly #generated = new Set<number>();
  #running: string | null = null;
  #closed = false;

  private constructor(parts: ModelParts, options: ContextOptions) {
    this.#parts = parts;
    this.#options = options;
    this.#cache = new KeyValueCache(parts.decoder.cacheShape);
  }

  /** Opens a context; feeds the system prompt at once where the layout begins with it. */
  static async open(parts: ModelParts, options: ContextOptions, signal?: AbortSignal): Promise<OnnxContext> {
    const context = new OnnxContext(parts, options);
    await context.#alone('openContext', () => context.#appendMarkup({ type: 'open' }, signal));
    return context;
  }

  get size(): number {
    return this.#cache.length;
  }

  appendFrames(pictures: readonly Picture[], signal?: AbortSignal): Promise<readonly ScoredFrame[]> {
    return this.#alone('appendFrames', async () => {
      refuseIfAborted(signal);
      if (pictures.length === 0) return [];
      const { tokensPerFrame } = this.#parts.manifest;
      const { tokens, turn } = this.#layOut({ type: 'frames' });
      this.#requireRoom(tokens.length + pictures.length * tokensPerFrame, `${pictures.length} frame(s)`);
      const frames = await this.#parts.vision.encode(pictures, () => {
        refuseIfAborted(signal);
      });
      const embeddings = join(await this.#parts.embedder.embed(tokens), frames);
      const ends = pictures.map((_, index) => tokens.length + (index + 1) * tokensPerFrame);
      const before = this.#cache.length;
      const rows = ends.map((end) => end - 1);
      const scores = await this.#appending(turn, () => feedForScores(this.#target(signal), embeddings, rows));
      return scores.map((ofFrame, index) => ({
        scores: ofFrame,
        mark: { tokens: before + (ends[index] ?? 0), turn: 'stream' },
      }));
    });
  }

  appendUserText(text: string, signal?: AbortSignal): Promise<void> {
    return this.#alone('appendUserText', () => this.#appendMarkup({ type: 'user', text }, signal));
  }

  async *generateReply(
    options: ReplyOptions,
    signal?: AbortSignal,
  ): AsyncGenerator<ReplyPart, void, undefined> {
    this.#enter('generateReply');
    const generation = this.#generation(options, signal);
    try {
      yield* this.#speak(generation, options, signal);
    } finally {
      this.#running = null;
    }
    yield { type: 'end', reason: generation.reason, tokens: generation.tokens };
  }

  cutBackTo(mark: ContextMark): Promise<void> {
    return this.#alone('cutBackTo', () => {
      this.#cache.cutBackTo(mark.tokens);
      this.#turn = mark.tokens === 0 ? 'empty' : mark.turn;
      this.#lastOfReply = null;
      return Promise.resolve();
    });
  }

  /** Frees the memory; later calls throw. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    this.#cache = new KeyValueCache({ ...this.#parts.decoder.cacheShape, maxRows: 0 });
    return Promise.resolve();
  }

  #layOut(event: LayoutEvent): { tokens: number[]; turn: Turn } {
    const { pieces, turn } = layOut(this.#options, this.#turn, event);
    const owed = owedByReply(this.#options.promptLayout, this.#lastOfReply, this.#parts.manifest.tokens.end);
    return { tokens: this.#parts.tokenizer.encode(pieces, owed), turn };
  }

  async #appendMarkup(event: LayoutEvent, signal: AbortSignal | undefined): Promise<void> {
    refuseIfAborted(signal);
    const { tokens, turn } = this.#layOut(event);
    this.#requireRoom(tokens.length, event.type === 'user' ? 'the user text' : 'the system prompt');
    const embeddings = await this.#parts.embedder.embed(tokens);
    await this.#appending(turn, () => feedText(this.#target(signal), embeddings));
  }

  #generation(options: ReplyOptions, signal: AbortSignal | undefined): Generation {
    const context = {
      feed: (token: number) => this.#feedGenerated(token),
      generated: this.#generated,
      endsReply: new Set(this.#parts.manifest.tokens.endsReply),
    };
    return new Generation(context, options, signal);
  }

  /** The reply's text; when it is over or abandoned, the context is settled. */
  async *#speak(
    generation: Generation,
    options: ReplyOptions,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<ReplyPart, void, undefined> {
    const before = this.#place();
    const detokenizer = new Detokenizer(this.#parts.tokenizer.bytesOf);
    let failed = false;
    try {
      if (signal?.aborted) return;
      for await (const token of generation.run(await this.#openReply())) {
        const text = detokenizer.push(token);
        if (text !== '') yield { type: 'text', text };
      }
    } catch (error) {
      failed = true;
      this.#return(before);
      throw error;
    } finally {
      if (!failed) this.#settle(generation, options, before);
    }
  }

  /** Feeds the assistant's opening and gives the logits of its first token. */
  async #openReply(): Promise<Float32Array> {
    const { tokens, turn } = this.#layOut({ type: 'reply' });
    this.#requireRoom(tokens.length, "the assistant's turn");
    const embeddings = await this.#parts.embedder.embed(tokens);
    const hidden = await this.#appending(turn, () => feedForHidden(this.#target(undefined), embeddings));
    return this.#parts.languageHead.logits(hidden);
  }

  async #feedGenerated(token: number): Promise<Float32Array | null> {
    if (this.#cache.length >= this.#cache.shape.maxRows) return null;
    const embedding = await this.#parts.embedder.embed([token]);
    return this.#parts.languageHead.logits(await feedForHidden(this.#target(undefined), embedding));
  }

  /** Leaves the context as a reply's options want it once it is over, however it ended. */
  #settle(generation: Generation, options: ReplyOptions, before: Place): void {
    const nothingSaid = generation.tokens.length === 0 && generation.reason !== 'completed';
    if (nothingSaid) {
      this.#return(before);
    } else if (options.afterwards === 'remove') {
      this.#return({ ...before, turn: turnAfterRemovedReply(this.#options.promptLayout, before.turn) });
    } else {
      this.#lastOfReply = generation.last;
    }
  }

  #place(): Place {
    return { length: this.#cache.length, turn: this.#turn, lastOfReply: this.#lastOfReply };
  }

  #return(place: Place): void {
    if (this.#closed) return;
    this.#cache.cutBackTo(place.length);
    this.#turn = place.turn;
    this.#lastOfReply = place.lastOfReply;
  }

  /** Runs `feed` and moves on to `turn`; when it throws, the context is as before. */
  async #appending<Result>(turn: Turn, feed: () => Promise<Result>): Promise<Result> {
    const before = this.#place();
    try {
      const result = await feed();
      this.#turn = turn;
      this.#lastOfReply = null;
      return result;
    } catch (error) {
      this.#return(before);
      throw error;
    }
  }

  #target(signal: AbortSignal | undefined): FeedTarget {
    return {
      decoder: this.#parts.decoder,
      cache: this.#cache,
      hiddenSize: this.#parts.manifest.decoder.hiddenSize,
      refuseIfAborted: () => {
        refuseIfAborted(signal);
      },
    };
  }

  #requireRoom(tokens: number, what: string): void {
    const { length, shape } = this.#cache;
    if (length + tokens <= shape.maxRows) return;
    throw new DuetError(
      'context_full',
      `${what} needs ${tokens} tokens, but ${length} of the model's ${shape.maxRows} are used; cut the context back or open a new one`,
    );
  }

  async #alone<Result>(name: string, run: () => Promise<Result>): Promise<Result> {
    this.#enter(name);
    try {
      return await run();
    } finally {
      this.#running = null;
    }
  }

  #enter(name: string): void {
    if (this.#closed)
      throw new DuetError('model_failed', `${name} was called on a closed context; open a new one`);
    if (this.#running !== null) {
      throw new DuetError(
        'internal',
        `${name} was called while ${this.#running} is still running on this context`,
      );
    }
    this.#running = name;
  }
}

function refuseIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new DuetError('cancelled', 'the call was aborted', { cause: signal.reason });
}

/** Rows of `first`, then rows of `second`. */
function join(first: Float32Array, second: Float32Array): Float32Array {
  if (first.length === 0) return second;
  const joined = new Float32Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}
