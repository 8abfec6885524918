import { DuetError, refuseIfAborted } from '../../../errors.js';
import type { PromptLayout } from '../../capabilities.js';
import type { Picture } from '../../../video/frame.js';
import type {
  ContextMark,
  ContextOptions,
  DuetContext,
  ReplyOptions,
  ReplyPart,
  ScoredFrame,
} from '../../model.js';
import type { LayoutEvent } from '../text/chat-layout.js';
import { ContextState, markAt } from './context-state.js';
import { feedForScores, feedText } from './feed.js';
import type { ModelParts } from './model-parts.js';
import { ReplyTurn } from './reply-turn.js';

/** A context on this thread. A call that fails or is aborted leaves it as it was. */
export class OnnxContext implements DuetContext {
  readonly #parts: ModelParts;
  readonly #layout: PromptLayout;
  readonly #state: ContextState;
  #start: ContextMark = markAt(0, 'empty');
  /** Every token generated here, for the repetition penalty; removed replies count too. */
  readonly #generated = new Set<number>();
  #running: string | null = null;
  #closed = false;

  private constructor(parts: ModelParts, options: ContextOptions) {
    this.#parts = parts;
    this.#layout = options.promptLayout;
    this.#state = new ContextState(parts, options);
  }

  /** Opens a context; feeds the system prompt at once where the layout begins with it. */
  static async open(parts: ModelParts, options: ContextOptions, signal?: AbortSignal): Promise<OnnxContext> {
    const context = new OnnxContext(parts, options);
    context.#start = await context.#alone('openContext', () => context.#appendText({ type: 'open' }, signal));
    return context;
  }

  get size(): number {
    return this.#state.length;
  }

  get start(): ContextMark {
    return this.#start;
  }

  appendFrames(pictures: readonly Picture[], signal?: AbortSignal): Promise<readonly ScoredFrame[]> {
    return this.#alone('appendFrames', async () => {
      refuseIfAborted(signal);
      if (pictures.length === 0) return [];
      const { tokensPerFrame } = this.#parts.manifest;
      const markup = this.#state.markupOf({ type: 'frames' });
      const { tokens } = markup;
      this.#state.requireRoom(
        tokens.length + pictures.length * tokensPerFrame,
        `${pictures.length} frame(s)`,
      );
      const frames = await this.#parts.vision.encode(pictures, () => {
        refuseIfAborted(signal);
      });
      const embeddings = join(await this.#parts.embedder.embed(tokens), frames);
      const ends = pictures.map((_, index) => tokens.length + (index + 1) * tokensPerFrame);
      const lastRows = ends.map((end) => end - 1);
      const before = this.#state.length;
      const scores = await this.#state.append(
        markup,
        (target) => feedForScores(target, embeddings, lastRows),
        signal,
      );
      return scores.map((ofFrame, index) => ({
        scores: ofFrame,
        mark: markAt(before + (ends[index] ?? 0), 'stream'),
      }));
    });
  }

  appendUserText(text: string, signal?: AbortSignal): Promise<ContextMark> {
    return this.#alone('appendUserText', () => this.#appendText({ type: 'user', text }, signal));
  }

  async *generateReply(
    options: ReplyOptions,
    signal?: AbortSignal,
  ): AsyncGenerator<ReplyPart, void, undefined> {
    this.#enter('generateReply');
    const turn = new ReplyTurn(this.#parts, this.#state, this.#layout, options, this.#generated, signal);
    try {
      yield* turn.speak(signal);
    } finally {
      this.#running = null;
    }
    yield turn.end();
  }

  cutBackTo(mark: ContextMark): Promise<void> {
    return this.#alone('cutBackTo', () => {
      this.#state.cutBackTo(mark);
      return Promise.resolve();
    });
  }

  evict(): Promise<void> {
    return Promise.reject(new DuetError('unsupported', 'this model cannot forget what is not at the end'));
  }

  /** Frees the memory; later calls throw. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    this.#state.free();
    return Promise.resolve();
  }

  async #appendText(event: LayoutEvent, signal: AbortSignal | undefined): Promise<ContextMark> {
    refuseIfAborted(signal);
    const { embedder, rowsPerSlice } = this.#parts;
    const markup = this.#state.markupOf(event);
    const { tokens } = markup;
    this.#state.requireRoom(tokens.length, event.type === 'user' ? 'the user text' : 'the system prompt');
    await this.#state.append(markup, (target) => feedText(target, embedder, tokens, rowsPerSlice), signal);
    return markAt(this.#state.length, markup.turn);
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
    if (this.#closed) {
      throw new DuetError('model_failed', `${name} was called on a closed context; open a new one`);
    }
    if (this.#running !== null) {
      throw new DuetError(
        'internal',
        `${name} was called while ${this.#running} is still running on this context`,
      );
    }
    this.#running = name;
  }
}

/** Rows of `first`, then rows of `second`. */
function join(first: Float32Array, second: Float32Array): Float32Array {
  if (first.length === 0) return second;
  const joined = new Float32Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}
