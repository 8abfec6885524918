import type {
  ContextMark,
  DuetContext,
  DuetModel,
  ReplyOptions,
  ReplyPart,
  ScoredFrame,
} from '../../runtime/model.js';
import type { SpendingFigures } from '../../runtime/spending-figures.js';
import type { Picture } from '../../video/frame.js';
import type { ContextBudget } from './context-budget.js';
import type { ContextMemory, HeldMemory, MemoryOptions, TextRole } from './memory.js';
import { followOn, TextAdmission, type FirstContext } from './text-admission.js';

/**
 * A memory that forgets everything at once: when an append plus a reply would no longer fit, it starts a new
 * context with the system prompt and the newest user texts. Until then it is exactly the model's own context.
 * What a new context begins with is bounded, so every renewal makes room for many frames.
 */
export class RenewedContext implements ContextMemory {
  readonly #model: DuetModel;
  readonly #settings: MemoryOptions['settings'];
  readonly #onForgotten: MemoryOptions['onForgotten'];
  readonly #admission: TextAdmission;
  #context: DuetContext;
  /** The place after the newest frame, which a new context takes over from. */
  #newest: ContextMark | null = null;
  /** The texts that a new context is told again. */
  #texts: readonly ToldText[] = [];
  /** All texts in the context. */
  #textIds: readonly (string | null)[] = [];
  /** Initial size of the current context; null until everything it begins with has been appended. */
  #begunWith: number | null;
  #forgotten = 0;
  /** Frames held; an upper bound after cutting back. */
  #frames = 0;

  private constructor(options: MemoryOptions, opened: FirstContext) {
    this.#model = options.model;
    this.#settings = options.settings;
    this.#onForgotten = options.onForgotten;
    this.#admission = opened.admission;
    this.#context = opened.context;
    this.#newest = options.follows ?? null;
    this.#begunWith = opened.context.size;
  }

  /**
   * Throws 'context_full' if the system prompt is too long for the model, and what opening a context throws.
   */
  static async open(options: MemoryOptions): Promise<RenewedContext> {
    return new RenewedContext(options, await TextAdmission.open(options));
  }

  get framesPerCall(): number {
    const most = Math.min(this.#budget.frames, this.#context.framesPerCall ?? Infinity);
    return this.#model.capabilities.cutBack ? most : 1;
  }

  get spent(): SpendingFigures | undefined {
    return this.#context.spent;
  }

  get held(): HeldMemory {
    const { size: tokens, bytes = null } = this.#context;
    return { tokens, bytes, frames: this.#frames, texts: this.#texts.length };
  }

  get textIds(): readonly (string | null)[] {
    return this.#textIds;
  }

  requireFits(text: string, alone = false): Promise<void> {
    return this.#admission.requireFits(text, alone ? 0 : this.#standing);
  }

  async appendFrames(pictures: readonly Picture[], signal: AbortSignal): Promise<readonly ScoredFrame[]> {
    await this.#makeRoom(pictures.length * this.#budget.capacity.frame, 0, signal);
    const scored = await this.#context.appendFrames(pictures, signal);
    this.#newest = scored.at(-1)?.mark ?? this.#newest;
    this.#frames += scored.length;
    return scored;
  }

  async appendUserText(text: string, signal: AbortSignal, as: TextRole = {}): Promise<void> {
    await this.#admission.requireInsertable(text, this.#standing);
    if (this.#lacksRoomFor(this.#admission.mostSizeOf(text))) {
      const needed = (await this.#model.measure(text)) + this.#budget.capacity.markup;
      await this.#makeRoom(needed, needed, signal);
    }
    await this.#tell(text, signal, as);
  }

  /** A new context begins with the other texts, since this one could forget nothing by itself. */
  async forget(id: string, signal: AbortSignal): Promise<boolean> {
    const kept = this.#texts.filter((text) => text.id !== id);
    if (kept.length === this.#texts.length) return false;
    this.#texts = kept;
    await this.#renew(0, signal);
    return true;
  }

  generateReply(options: ReplyOptions, signal?: AbortSignal): AsyncIterable<ReplyPart> {
    return this.#context.generateReply(options, signal);
  }

  async cutBackTo(mark: ScoredFrame['mark']): Promise<void> {
    await this.#context.cutBackTo(mark);
    this.#newest = mark;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#context[Symbol.asyncDispose]();
  }

  get #budget(): ContextBudget {
    return this.#admission.budget;
  }

  /** Size of the standing texts. */
  get #standing(): number {
    return sizeOf(this.#texts.filter(isStanding));
  }

  /**
   * Renews the context unless `size` more and a reply fit; a new one keeps `reserved` of its standing part
   * free.
   */
  async #makeRoom(size: number, reserved: number, signal: AbortSignal): Promise<void> {
    if (!this.#lacksRoomFor(size)) return;
    await this.#renew(reserved, signal);
    const [forgottenTokens, keptTexts] = [this.#forgotten, this.#texts.length];
    this.#onForgotten({ type: 'renewed', forgottenTokens, keptTexts });
  }

  /** A new context is never renewed: it already has all the room there is. */
  #lacksRoomFor(more: number): boolean {
    if (this.#begunWith === null) return true;
    const { size } = this.#context;
    const { total, markup, replyToken } = this.#budget.capacity;
    const reply = Math.min(this.#settings().maxReplyTokens * replyToken, this.#budget.reply);
    return size > this.#begunWith && size + more + reply + markup > total;
  }

  /** If aborted, the next call starts over, so no standing text is lost. */
  async #renew(reserved: number, signal: AbortSignal): Promise<void> {
    if (this.#begunWith !== null) this.#forgotten = this.#context.size;
    this.#begunWith = null;
    await this.#context[Symbol.asyncDispose]();
    const options = { ...this.#settings(), ...followOn(this.#newest) };
    this.#context = await this.#model.openContext(options, signal);
    const { standing, capacity } = this.#budget;
    const kept = keptWithin(this.#texts, standing - this.#admission.promptSize - capacity.markup - reserved);
    for (const { text, stands } of kept) await this.#context.appendUserText(text, signal, stands);
    this.#texts = kept;
    this.#textIds = kept.map(({ id = null }) => id);
    this.#begunWith = this.#context.size;
    this.#frames = 0;
  }

  async #tell(text: string, signal: AbortSignal, { id, stands = false }: TextRole): Promise<void> {
    const before = this.#context.size;
    await this.#context.appendUserText(text, signal, stands);
    const told = { text, size: this.#context.size - before, id, stands };
    this.#texts = keptWithin([...this.#texts, told], Infinity);
    this.#textIds = [...this.#textIds, id ?? null];
  }
}

/** How many user texts without an id are repeated in a new context. */
const repeatedTexts = 8;

interface ToldText {
  readonly text: string;
  /** Its size in the context, markup included. */
  readonly size: number;
  readonly id: string | undefined;
  readonly stands: boolean;
}

function isStanding({ stands }: ToldText): boolean {
  return stands;
}

function sizeOf(texts: readonly ToldText[]): number {
  return texts.reduce((sum, { size }) => sum + size, 0);
}

/**
 * The standing texts, and the newest others as far as all together take at most `limit`, as they were told.
 */
function keptWithin(texts: readonly ToldText[], limit: number): readonly ToldText[] {
  let size = sizeOf(texts.filter(isStanding));
  const others = texts.filter((text) => !isStanding(text)).slice(-repeatedTexts);
  const tooMany = others.findLastIndex((text) => (size += text.size) > limit);
  const kept = new Set(others.slice(tooMany + 1));
  return texts.filter((text) => isStanding(text) || kept.has(text));
}
