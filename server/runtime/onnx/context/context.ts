import { refuseIfAborted } from '../../../errors.js';
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
import { askAfterFrames } from './ask-after-frames.js';
import { AssistantTurn } from './assistant-turn.js';
import { ContextState, markAt } from './context-state.js';
import { feedText } from './feed.js';
import type { ModelParts } from './model-parts.js';
import { scoreFrames } from './score-frames.js';

/** A context on this thread. A call that fails or is aborted leaves it as it was. */
export class OnnxContext implements DuetContext {
  readonly #parts: ModelParts;
  readonly #layout: PromptLayout;
  readonly #state: ContextState;
  readonly #calls = new ExclusiveCalls();
  #start: ContextMark;

  private constructor(parts: ModelParts, options: ContextOptions) {
    this.#parts = parts;
    this.#layout = options.promptLayout;
    this.#state = new ContextState(parts, options);
    this.#start = markAt(this.#state.place());
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

  get bytes(): number {
    return this.#state.bytes;
  }

  get start(): ContextMark {
    return this.#start;
  }

  appendFrames(pictures: readonly Picture[], signal?: AbortSignal): Promise<readonly ScoredFrame[]> {
    return this.#calls.run('appendFrames', () => {
      refuseIfAborted(signal);
      if (pictures.length === 0) return Promise.resolve([]);
      const { scoring } = this.#parts;
      return scoring.type === 'questions'
        ? askAfterFrames(this.#parts, this.#state, scoring, pictures, signal)
        : scoreFrames(this.#parts, this.#state, scoring.decoder, pictures, signal);
    });
  }

  appendUserText(text: string, signal?: AbortSignal, stands = false): Promise<ContextMark> {
    return this.#calls.run('appendUserText', () => this.#appendText({ type: 'user', text }, signal, stands));
  }

  async *generateReply(
    options: ReplyOptions,
    signal?: AbortSignal,
  ): AsyncGenerator<ReplyPart, void, undefined> {
    this.#calls.enter('generateReply');
    const turn = new AssistantTurn(this.#parts, this.#state, this.#layout, options, signal);
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

  evict(from: ContextMark, to: ContextMark): Promise<void> {
    return this.#calls.run('evict', () => {
      this.#state.evict(from, to);
      return Promise.resolve();
    });
  }

  /** Frees the memory; later calls throw. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#calls.close();
    this.#state.free();
    return Promise.resolve();
  }

  async #appendText(event: LayoutEvent, signal?: AbortSignal, stands = false): Promise<ContextMark> {
    refuseIfAborted(signal);
    const { vocabulary, rowsPerSlice } = this.#parts;
    const markup = this.#state.markupOf(event);
    const { tokens } = markup;
    this.#state.requireRoom(tokens.length, event.type === 'user' ? 'the user text' : 'the system prompt');
    await this.#state.append(markup, (target) => feedText(target, vocabulary, tokens, rowsPerSlice), signal);
    if (event.type === 'user') this.#state.hear(event.text, stands);
    return markAt(this.#state.place());
  }
}
