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
import { EvictionTally } from './eviction-tally.js';
import type { ContextMemory, HeldMemory, MemoryOptions, TextRole } from './memory.js';
import { TextAdmission, type FirstContext } from './text-admission.js';
import { framesUntilEviction, outsideWindows } from './windows.js';
import type { Remembered, Windows } from './windows.js';

/**
 * A memory that forgets what leaves its windows: it keeps the system prompt and the standing texts, the
 * newest other texts and replies, and the newest frames. Until something is forgotten it is exactly the
 * model's own context; after that its size, and so what a frame costs, stays the same for ever.
 */
export class WindowedContext implements ContextMemory {
  readonly #model: DuetModel;
  readonly #settings: MemoryOptions['settings'];
  readonly #tally: EvictionTally;
  readonly #admission: TextAdmission;
  readonly #context: DuetContext;
  #held: readonly Remembered[] = [];

  private constructor(options: MemoryOptions, opened: FirstContext) {
    this.#model = options.model;
    this.#settings = options.settings;
    this.#tally = new EvictionTally(options.onForgotten);
    this.#admission = opened.admission;
    this.#context = opened.context;
  }

  /**
   * Throws 'context_full' if the system prompt is too long for the model, and what opening a context throws.
   */
  static async open(options: MemoryOptions): Promise<WindowedContext> {
    return new WindowedContext(options, await TextAdmission.open(options, options.settings().sink));
  }

  /** Ends where the next eviction is due, so that it does not matter how frames are divided into calls. */
  get framesPerCall(): number {
    if (!this.#model.capabilities.cutBack) return 1;
    const next = framesUntilEviction(this.#held, this.#windows, this.#room);
    return Math.min(this.#budget.frames, next, this.#context.framesPerCall ?? Infinity);
  }

  get spent(): SpendingFigures | undefined {
    return this.#context.spent;
  }

  get held(): HeldMemory {
    const frames = this.#held.filter(({ type }) => type === 'frame').length;
    const { size: tokens, bytes = null } = this.#context;
    return { tokens, bytes, frames, texts: this.#held.length - frames };
  }

  get textIds(): readonly (string | null)[] {
    return this.#held.flatMap(({ type, id = null }) => (type === 'text' ? [id] : []));
  }

  requireFits(text: string, alone = false): Promise<void> {
    return this.#admission.requireFits(text, alone ? 0 : this.#standing);
  }

  async appendFrames(pictures: readonly Picture[], signal: AbortSignal): Promise<readonly ScoredFrame[]> {
    await this.#makeRoom({ coming: pictures.length });
    const scored = await this.#context.appendFrames(pictures, signal);
    const { frame: size } = this.#budget.capacity;
    this.#remember(...scored.map(({ mark }) => ({ type: 'frame', mark, size }) as const));
    return scored;
  }

  async appendUserText(text: string, signal: AbortSignal, as: TextRole = {}): Promise<void> {
    await this.#admission.requireInsertable(text, this.#standing);
    await this.#makeRoom({ coming: 0, more: await this.#sizeOf(text) });
    const before = this.#context.size;
    const mark = await this.#context.appendUserText(text, signal, as.stands);
    this.#remember({ type: 'text', mark, size: Math.max(0, this.#context.size - before), ...as });
  }

  async *generateReply(options: ReplyOptions, signal?: AbortSignal): AsyncIterable<ReplyPart> {
    const before = this.#context.size;
    for await (const part of this.#context.generateReply(options, signal)) {
      if (part.type === 'end' && part.mark !== undefined) {
        this.#remember({ type: 'reply', mark: part.mark, size: this.#context.size - before });
      }
      yield part;
    }
  }

  async cutBackTo(mark: ContextMark): Promise<void> {
    await this.#context.cutBackTo(mark);
    this.#held = this.#held.slice(0, this.#held.findLastIndex((item) => item.mark === mark) + 1);
  }

  async forget(id: string): Promise<boolean> {
    const gone = new Set(this.#held.filter((item) => item.id === id));
    await this.#evict(gone);
    return gone.size > 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#context[Symbol.asyncDispose]();
  }

  get #windows(): Windows {
    const { window, fps, textWindow: text } = this.#settings();
    const sink = this.#budget.standing - this.#admission.promptSize;
    return { frames: Math.max(1, Math.ceil(window * fps)), text, sink };
  }

  get #room() {
    const { total, frame, markup, replyToken } = this.#budget.capacity;
    const reply = Math.min(this.#settings().maxReplyTokens * replyToken, this.#budget.reply);
    const { frames } = this.held;
    return { total: total - reply - 2 * markup, frame, other: this.#context.size - frames * frame };
  }

  /** Size of the standing texts. */
  get #standing(): number {
    return this.#held.reduce((sum, { stands, size }) => sum + (stands === true ? size : 0), 0);
  }

  get #budget(): ContextBudget {
    return this.#admission.budget;
  }

  /** What a text takes with its markup; exact where that matters. */
  async #sizeOf(text: string): Promise<number> {
    const { markup } = this.#budget.capacity;
    const most = this.#admission.mostSizeOf(text) + markup;
    const { total, frame, other } = this.#room;
    const { frames } = this.held;
    return other + frames * frame + most <= total ? most : (await this.#model.measure(text)) + markup;
  }

  #remember(...items: readonly Remembered[]): void {
    this.#held = [...this.#held, ...items];
  }

  async #makeRoom(coming: { readonly coming: number; readonly more?: number }): Promise<void> {
    const gone = outsideWindows(this.#held, this.#windows, this.#room, coming);
    const before = this.#context.size;
    await this.#evict(gone);
    if (gone.size > 0) {
      this.#tally.add([...gone], before - this.#context.size, this.held, this.#windows.frames);
    }
  }

  async #evict(gone: ReadonlySet<Remembered>): Promise<void> {
    for (const { from, to } of runsOf(this.#held, gone, this.#context.start)) {
      await this.#context.evict(from, to);
    }
    this.#held = this.#held.filter((item) => !gone.has(item));
  }
}

/** The ranges of neighbours that go, each from the place before it. */
function runsOf(held: readonly Remembered[], gone: ReadonlySet<Remembered>, start: ContextMark) {
  const runs: { from: ContextMark; to: ContextMark }[] = [];
  let before = start;
  let open: { from: ContextMark; to: ContextMark } | null = null;
  for (const item of held) {
    if (!gone.has(item)) open = null;
    else if (open !== null) open.to = item.mark;
    else runs.push((open = { from: before, to: item.mark }));
    before = item.mark;
  }
  return runs;
}
