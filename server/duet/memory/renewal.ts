import type { DuetContext, DuetModel, ReplyOptions, ReplyPart, ScoredFrame } from '../../runtime/model.js';
import type { Picture } from '../../video/frame.js';
import { contextBudget, mostTextTokens, requireShortPrompt, requireShortText } from './context-budget.js';
import type { ContextBudget } from './context-budget.js';
import type { SessionSettings } from '../settings.js';

/** User texts that are repeated in a fresh context. */
const standingTexts = 8;

/**
 * No tokenizer makes more tokens of a text than this for each byte: composing a character may triple its
 * bytes.
 */
const mostTokensPerByte = 3;

/** Told when a context was used up and replaced. */
export type OnRenewal = (renewal: { forgottenTokens: number; keptTexts: number }) => void;

interface ToldText {
  readonly text: string;
  /** Tokens it took, markup included. */
  readonly tokens: number;
}

/**
 * A model context that never fills up: before an append for which, together with a reply, no room is left, it
 * starts a fresh context with the system prompt and the newest user texts. Until then it is exactly the
 * model's own context. What a fresh context begins with is bounded, so every renewal makes room for many
 * frames.
 */
export class EndlessContext implements AsyncDisposable {
  readonly #model: DuetModel;
  readonly #settings: () => SessionSettings;
  readonly #onRenewal: OnRenewal;
  readonly #budget: ContextBudget;
  readonly #promptTokens: number;
  #context: DuetContext;
  #texts: readonly ToldText[] = [];
  /** Tokens the present context began with; null while it has not been told all it should begin with. */
  #begunWith: number | null;
  #forgotten = 0;

  private constructor(
    model: DuetModel,
    settings: () => SessionSettings,
    onRenewal: OnRenewal,
    opened: { context: DuetContext; promptTokens: number },
  ) {
    this.#model = model;
    this.#settings = settings;
    this.#onRenewal = onRenewal;
    this.#budget = contextBudget(model.description);
    this.#promptTokens = opened.promptTokens;
    this.#context = opened.context;
    this.#begunWith = opened.context.size;
  }

  /**
   * Throws 'context_full' when the system prompt is too long for the model, and what opening a context
   * throws.
   */
  static async open(
    model: DuetModel,
    settings: () => SessionSettings,
    onRenewal: OnRenewal,
  ): Promise<EndlessContext> {
    const promptTokens = await model.countTokens(settings().systemPrompt);
    requireShortPrompt(promptTokens, contextBudget(model.description));
    const context = await model.openContext(settings());
    return new EndlessContext(model, settings, onRenewal, { context, promptTokens });
  }

  /** Most frames that one call may append. */
  get framesPerCall(): number {
    return this.#budget.frames;
  }

  /**
   * Throws 'context_full' for a text that is too long for the model, saying how long it may be. May run
   * beside other calls.
   */
  async requireFits(text: string): Promise<void> {
    if (mostTokensOf(text) > mostTextTokens(this.#promptTokens, this.#budget)) await this.#count(text);
  }

  /** Appends at most {@link framesPerCall} pictures. */
  async appendFrames(pictures: readonly Picture[], signal: AbortSignal): Promise<readonly ScoredFrame[]> {
    await this.#makeRoom(pictures.length * this.#model.description.tokensPerFrame, 0, signal);
    return this.#context.appendFrames(pictures, signal);
  }

  async appendUserText(text: string, signal: AbortSignal): Promise<void> {
    await this.requireFits(text);
    if (this.#lacksRoomFor(mostTokensOf(text))) {
      const needed = (await this.#count(text)) + this.#budget.markup;
      await this.#makeRoom(needed, needed, signal);
    }
    await this.#tell(text, signal);
  }

  generateReply(options: ReplyOptions, signal: AbortSignal): AsyncIterable<ReplyPart> {
    return this.#context.generateReply(options, signal);
  }

  async cutBackTo(mark: ScoredFrame['mark']): Promise<void> {
    await this.#context.cutBackTo(mark);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#context[Symbol.asyncDispose]();
  }

  async #count(text: string): Promise<number> {
    const tokens = await this.#model.countTokens(text);
    requireShortText(tokens, this.#promptTokens, this.#budget);
    return tokens;
  }

  /**
   * Renews the context unless `tokens` more and a reply fit; a fresh one keeps `reserved` of its standing
   * tokens free.
   */
  async #makeRoom(tokens: number, reserved: number, signal: AbortSignal): Promise<void> {
    if (!this.#lacksRoomFor(tokens)) return;
    if (this.#begunWith !== null) this.#forgotten = this.#context.size;
    await this.#renew(reserved, signal);
  }

  /** A fresh context is not renewed: it has all the room there is. */
  #lacksRoomFor(tokens: number): boolean {
    if (this.#begunWith === null) return true;
    const { size } = this.#context;
    const reply = Math.min(this.#settings().maxReplyTokens, this.#budget.reply);
    return size > this.#begunWith && size + tokens + reply + this.#budget.markup > this.#budget.context;
  }

  /** If it is aborted, the next call starts it again, so no standing text is lost. */
  async #renew(reserved: number, signal: AbortSignal): Promise<void> {
    this.#begunWith = null;
    await this.#context[Symbol.asyncDispose]();
    this.#context = await this.#model.openContext(this.#settings(), signal);
    const { standing, markup } = this.#budget;
    const kept = newestWithin(this.#texts, standing - this.#promptTokens - markup - reserved);
    for (const { text } of kept) await this.#context.appendUserText(text, signal);
    this.#texts = kept;
    this.#begunWith = this.#context.size;
    this.#onRenewal({ forgottenTokens: this.#forgotten, keptTexts: kept.length });
  }

  async #tell(text: string, signal: AbortSignal): Promise<void> {
    const before = this.#context.size;
    await this.#context.appendUserText(text, signal);
    const told = { text, tokens: this.#context.size - before };
    this.#texts = [...this.#texts, told].slice(-standingTexts);
  }
}

function mostTokensOf(text: string): number {
  return Buffer.byteLength(text) * mostTokensPerByte;
}

/** The newest texts that together take at most `limit` tokens. */
function newestWithin(texts: readonly ToldText[], limit: number): readonly ToldText[] {
  let tokens = 0;
  const tooMany = texts.findLastIndex((text) => (tokens += text.tokens) > limit);
  return texts.slice(tooMany + 1);
}
