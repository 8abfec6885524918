import type { DuetContext, DuetModel, ReplyOptions, ReplyPart, ScoredFrame } from '../runtime/model.js';
import type { Picture } from '../video/frame.js';
import type { SessionSettings } from './settings.js';

/** User texts that a fresh context is told again. */
const standingTexts = 8;

/** Told when a context was used up and replaced. */
export type OnRenewal = (renewal: { forgottenTokens: number; keptTexts: number }) => void;

/**
 * A model context that never fills up: before an append for which, together with a reply, no room is left, it starts a
 * fresh context with the system prompt and the newest user texts. Until then it is exactly the model's own context.
 */
export class EndlessContext implements AsyncDisposable {
  readonly #model: DuetModel;
  readonly #settings: () => SessionSettings;
  readonly #onRenewal: OnRenewal;
  #context: DuetContext;
  #texts: readonly string[] = [];

  private constructor(
    model: DuetModel,
    settings: () => SessionSettings,
    onRenewal: OnRenewal,
    context: DuetContext,
  ) {
    this.#model = model;
    this.#settings = settings;
    this.#onRenewal = onRenewal;
    this.#context = context;
  }

  static async open(
    model: DuetModel,
    settings: () => SessionSettings,
    onRenewal: OnRenewal,
  ): Promise<EndlessContext> {
    return new EndlessContext(model, settings, onRenewal, await model.openContext(settings()));
  }

  async appendFrames(pictures: readonly Picture[], signal: AbortSignal): Promise<readonly ScoredFrame[]> {
    await this.#makeRoom(pictures.length * this.#model.description.tokensPerFrame);
    return this.#context.appendFrames(pictures, signal);
  }

  async appendUserText(text: string, signal: AbortSignal): Promise<void> {
    // No tokenizer makes more tokens than bytes.
    await this.#makeRoom(Buffer.byteLength(text));
    await this.#context.appendUserText(text, signal);
    this.#texts = [...this.#texts, text].slice(-standingTexts);
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

  async #makeRoom(tokens: number): Promise<void> {
    const markup = 32;
    const needed = tokens + this.#settings().maxReplyTokens + markup;
    const { maxContext } = this.#model.description.decoder;
    if (this.#context.size + needed <= maxContext || this.#context.size === 0) return;
    const forgottenTokens = this.#context.size;
    await this.#context[Symbol.asyncDispose]();
    this.#context = await this.#model.openContext(this.#settings());
    const kept = withinBytes(this.#texts, maxContext / 2);
    for (const text of kept) await this.#context.appendUserText(text);
    this.#onRenewal({ forgottenTokens, keptTexts: kept.length });
  }
}

/** The newest texts that together have at most `limit` bytes. */
function withinBytes(texts: readonly string[], limit: number): readonly string[] {
  const kept: string[] = [];
  let bytes = 0;
  for (const text of texts.toReversed()) {
    bytes += Buffer.byteLength(text);
    if (bytes > limit) break;
    kept.unshift(text);
  }
  return kept;
}
