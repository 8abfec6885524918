import type { PromptLayout } from '../../capabilities.js';
import type { ContextMark, ReplyOptions, ReplyPart } from '../../model.js';
import { turnAfterRemovedReply } from '../text/chat-layout.js';
import { replyText } from '../text/reply-text.js';
import type { SpelledSaying } from '../text/spelled-sayings.js';
import { markAt } from './context-state.js';
import type { ContextState, Place } from './context-state.js';
import { DraftedTokens } from './drafted-tokens.js';
import { Generation } from './generation.js';
import type { ModelParts } from './model-parts.js';
import type { OneOfTexts } from './one-of-texts.js';

/**
 * One turn of the assistant: opens it, generates, and leaves the context as the options require, however the
 * turn ends.
 */
export class AssistantTurn {
  readonly #parts: ModelParts;
  readonly #state: ContextState;
  readonly #layout: PromptLayout;
  readonly #options: ReplyOptions;
  readonly #generation: Generation;
  readonly #among: OneOfTexts<SpelledSaying> | undefined;
  readonly #drafted: DraftedTokens;
  #mark: ContextMark | null = null;
  #question: number | null | undefined;

  constructor(
    parts: ModelParts,
    state: ContextState,
    layout: PromptLayout,
    options: ReplyOptions,
    signal?: AbortSignal,
  ) {
    this.#parts = parts;
    this.#state = state;
    this.#layout = layout;
    this.#options = options;
    const { end, endsReply: ends } = parts.manifest.tokens;
    // MMDuet's inference code ends a reply only at `<|im_end|>`.
    const endsReply = new Set(layout === 'reference' ? [end] : ends);
    const { generated } = state;
    const began = state.place().end;
    const note = (token: number) => {
      generated.add(token, options.afterwards === 'keep' ? state.place().end : began);
    };
    this.#among = state.sayings();
    this.#drafted = new DraftedTokens(parts.vocabulary, (most) => this.#foresee(most));
    const feed = (token: number) => this.#feed(token);
    const among = this.#among === undefined ? {} : { among: this.#among };
    this.#generation = new Generation({ feed, generated, note, endsReply, ...among }, options, signal);
  }

  /** Yields the reply's text. Once it ends, fails or is abandoned, the context is back in order. */
  async *speak(signal?: AbortSignal): AsyncGenerator<ReplyPart, void, undefined> {
    const before = this.#state.place();
    const spelling = replyText(this.#layout, this.#parts.tokenizer.bytesOf);
    let failed = false;
    try {
      if (signal?.aborted) return;
      for await (const token of this.#generation.run(await this.#open())) {
        const text = spelling.push(token);
        if (text !== '') yield { type: 'text', text };
      }
      const rest = spelling.end();
      if (rest !== '') yield { type: 'text', text: rest };
    } catch (error) {
      failed = true;
      this.#state.returnTo(before);
      throw error;
    } finally {
      if (!failed) this.#settle(before);
    }
  }

  /** How the reply ended; valid after {@link speak}. */
  end(): ReplyPart {
    const { reason, tokens } = this.#generation;
    const mark = this.#mark === null ? {} : { mark: this.#mark };
    const question = this.#question === undefined ? {} : { question: this.#question };
    const ending = { type: 'end', reason, tokens: tokens.length, tokenIds: tokens } as const;
    return { ...ending, ...mark, ...question, ...this.#surety() };
  }

  #surety(): Pick<Extract<ReplyPart, { type: 'end' }>, 'confidence' | 'unsure'> {
    const { confidence } = this.#generation;
    if (confidence === null) return {};
    const { unsureBelow = 0 } = this.#parts.manifest.about ?? {};
    return confidence < unsureBelow ? { confidence, unsure: true } : { confidence };
  }

  /** Feeds the assistant's opening and returns the logits of the first token. */
  async #open(): Promise<Float32Array> {
    const markup = this.#state.markupOf({ type: 'reply', asked: this.#state.place().asked });
    const { tokens } = markup;
    this.#state.requireRoom(tokens.length, "the assistant's turn");
    return this.#state.append(markup, (target) => this.#drafted.feed(target, tokens));
  }

  async #feed(token: number): Promise<Float32Array | null> {
    if (this.#state.isFull) return null;
    const parts = [{ kind: 'content', begins: false, rows: 1 }] as const;
    const place = { turn: 'assistant', takesBack: 0, parts } as const;
    return this.#state.append(place, (target) => this.#drafted.feed(target, [token]));
  }

  /** What will probably follow the tokens chosen so far. */
  #foresee(most: number): readonly number[] {
    const certain = this.#among?.certain(most) ?? [];
    if (certain.length > 0) return certain;
    return this.#state.earlierReplies.continuation(this.#generation.tokens, most);
  }

  #settle(before: Place): void {
    const { tokens, reason, last } = this.#generation;
    this.#state.earlierReplies.add(tokens);
    const nothingSaid = tokens.length === 0 && reason !== 'completed';
    if (nothingSaid) this.#state.returnTo(before);
    else if (this.#options.afterwards === 'keep') {
      this.#state.keepReply(last);
      this.#mark = markAt(this.#state.place());
    } else this.#state.returnTo({ ...before, turn: turnAfterRemovedReply(this.#layout, before.turn) });
    const saying = this.#among?.complete;
    if (saying) this.#question = this.#state.said(saying);
  }
}
