import { DuetError, refuseIfAborted } from '../../../errors.js';
import type { Picture } from '../../../video/frame.js';
import type { PromptLayout } from '../../capabilities.js';
import { ExclusiveCalls } from '../../exclusive-calls.js';
import type {
  ContextMark,
  ContextOptions,
  DuetContext,
  ReplyOptions,
  ReplyPart,
  ScoredFrame,
} from '../../model.js';
import type { LayoutEvent } from '../text/chat-layout.js';
import { AssistantTurn } from './assistant-turn.js';
import { ContextState, markAt } from './context-state.js';
import { feedForScores, feedText } from './feed.js';
import type { ModelParts } from './model-parts.js';

/** A context on this thread. A call that fails or is aborted leaves it as it was. */
export class OnnxContext implements DuetContext {
  readonly #parts: ModelParts;
  readonly #layout: PromptLayout;
  readonly #state: ContextState;
  readonly #calls = new ExclusiveCalls();
  #start: ContextMark = markAt(0, 'empty');
  /** Every token generated here, for the repetition penalty; removed replies count too. */
  readonly #generated = new Set<number>();

  private constructor(parts: ModelParts, options: ContextOptions) {
    this.#parts = parts;
    this.#layout = options.promptLayout;
    this.#state = new ContextState(parts, options);
  }

  /** Opens a context and feeds the system prompt if the layout begins with it. */
  static async open(parts: ModelParts, options: ContextOptions, signal?: AbortSignal): Promise<OnnxContext> {
    const context = new OnnxContext(parts, options);
    context.#start = await context.#calls.run('openContext', () =>
      context.#appendText({ type: 'open' }, signal),
    );
    return context;
  }

  get size(): number {
    return this.#state.length;
  }

  get start(): ContextMark {
    return this.#start;
  }

  appendFrames(pictures: readonly Picture[], signal?: AbortSignal): Promise<readonly ScoredFrame[]> {
    return this.#calls.run('appendFrames', async () => {
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
      const embeddings = join(await this.#parts.vocabulary.embed(tokens), frames);
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
    return this.#calls.run('appendUserText', () => this.#appendText({ type: 'user', text }, signal));
  }

  async *generateReply(
    options: ReplyOptions,
    signal?: AbortSignal,
  ): AsyncGenerator<ReplyPart, void, undefined> {
    this.#calls.enter('generateReply');
    const turn = new AssistantTurn(this.#parts, this.#state, this.#layout, options, this.#generated, signal);
    try {
      yield* turn.speak(signal);
    } finally {
      this.#calls.leave();
    }
    yield turn.end();
  }

  cutBackTo(mark: ContextMark): Promise<void> {
    return this.#calls.run('cutBackTo', () => {
      this.#state.cutBackTo(mark);
      return Promise.resolve();
    });
  }

  evict(): Promise<void> {
    return Promise.reject(
      new DuetError('unsupported', 'models in folders cannot forget a range in the middle of a context'),
    );
  }

  /** Frees the memory; later calls throw. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#calls.close();
    this.#state.free();
    return Promise.resolve();
  }

  async #appendText(event: LayoutEvent, signal: AbortSignal | undefined): Promise<ContextMark> {
    refuseIfAborted(signal);
    const { vocabulary, rowsPerSlice } = this.#parts;
    const markup = this.#state.markupOf(event);
    const { tokens } = markup;
    this.#state.requireRoom(tokens.length, event.type === 'user' ? 'the user text' : 'the system prompt');
    await this.#state.append(markup, (target) => feedText(target, vocabulary, tokens, rowsPerSlice), signal);
    return markAt(this.#state.length, markup.turn);
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
