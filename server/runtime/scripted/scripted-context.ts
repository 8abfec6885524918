import { DuetError, refuseIfAborted } from '../../errors.js';
import type { Picture } from '../../video/frame.js';
import type { ModelCapabilities } from '../capabilities.js';
import { ExclusiveCalls } from '../exclusive-calls.js';
import type {
  ContextMark,
  ContextOptions,
  DuetContext,
  FrameScores,
  ReplyEnd,
  ReplyOptions,
  ReplyPart,
  ScoredFrame,
} from '../model.js';
import { turnSize, wordsOf, type HeardCall, type Script } from './script.js';

/** One context of a scripted model: exposes its entries and refuses what the interface forbids. */
export class ScriptedContext implements DuetContext {
  /** What the context holds now, in order. */
  entries: ScriptedEntry[] = [];
  closed = false;
  readonly number: number;
  readonly options: ContextOptions;
  readonly start: ContextMark;
  readonly #parts: ScriptedParts;
  readonly #calls = new ExclusiveCalls();
  #appended = 0;
  #replies = 0;

  constructor(number: number, options: ContextOptions, parts: ScriptedParts) {
    this.number = number;
    this.options = options;
    this.#parts = parts;
    const { systemPrompt: text } = options;
    this.start = this.#append({ type: 'system', text, size: turnSize + wordsOf(text) });
  }

  get size(): number {
    if (this.#parts.capabilities.capacity === null) return 0;
    return this.entries.reduce((sum, entry) => sum + entry.size, 0);
  }

  /** Records a call and lets the script delay it or make it fail. */
  async hear(call: HeardCall): Promise<void> {
    this.#parts.heard.push(call);
    await this.#parts.script.before?.(call);
  }

  appendFrames(pictures: readonly Picture[], signal?: AbortSignal): Promise<readonly ScoredFrame[]> {
    return this.#calls.run('appendFrames', async () => {
      refuseIfAborted(signal);
      await this.hear({ type: 'frames', context: this.number, pictures });
      refuseIfAborted(signal);
      for (const picture of pictures) this.#requireSide(picture);
      const size = this.#parts.capabilities.capacity?.frame ?? 0;
      this.#requireRoom(pictures.length * size);
      return pictures.map((picture) => {
        const scores = this.#scoresOf(picture);
        const relevances = this.#parts.script.relevances?.(picture, this.#texts);
        return {
          scores,
          ...(relevances && { relevances }),
          mark: this.#append({ type: 'frame', picture, size }),
        };
      });
    });
  }

  appendUserText(text: string, signal?: AbortSignal): Promise<ContextMark> {
    return this.#calls.run('appendUserText', async () => {
      refuseIfAborted(signal);
      await this.hear({ type: 'user', context: this.number, text });
      refuseIfAborted(signal);
      const size = turnSize + wordsOf(text);
      this.#requireRoom(size);
      return this.#append({ type: 'user', text, size });
    });
  }

  async *generateReply(options: ReplyOptions, signal?: AbortSignal): AsyncGenerator<ReplyPart> {
    this.#calls.enter('generateReply');
    const parts: string[] = [];
    let reason: ReplyEnd = 'cancelled';
    let kept = {};
    try {
      await this.hear({ type: 'reply', context: this.number, options });
      this.#requireRoom(turnSize);
      for await (const text of untilAborted(this.#replyParts(), signal)) {
        parts.push(text);
        yield { type: 'text', text };
        if (parts.length >= options.maxTokens) break;
      }
      reason = signal?.aborted ? 'cancelled' : parts.length >= options.maxTokens ? 'length' : 'completed';
    } finally {
      if (options.afterwards === 'keep') {
        const size = turnSize + parts.length;
        kept = { mark: this.#append({ type: 'assistant', text: parts.join(''), size }) };
      }
      this.#parts.heard.push({ type: 'reply-end', context: this.number, reason });
      this.#calls.leave();
    }
    const tokenIds = parts.map((_, index) => 100 + index);
    const question = this.#parts.script.answered?.(this.#replies - 1);
    const answered = question === undefined ? {} : { question };
    yield { type: 'end', reason, tokens: parts.length, tokenIds, ...answered, ...kept };
  }

  cutBackTo(mark: ContextMark): Promise<void> {
    return this.#calls.run('cutBackTo', async () => {
      await this.hear({ type: 'cut', context: this.number, mark });
      if (!this.#parts.capabilities.cutBack)
        throw new DuetError('unsupported', 'the script forbids cutting back');
      const place = this.#placeOf(mark);
      this.entries = this.entries.filter(({ id }) => id <= place);
    });
  }

  evict(from: ContextMark, to: ContextMark): Promise<void> {
    return this.#calls.run('evict', async () => {
      await this.hear({ type: 'evict', context: this.number, from, to });
      if (!this.#parts.capabilities.evict) throw new DuetError('unsupported', 'the script forbids evicting');
      const [first, last] = [this.#placeOf(from), this.#placeOf(to)];
      this.entries = this.entries.filter(({ id }) => id <= first || id > last);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#calls.close()) return;
    this.closed = true;
    await this.hear({ type: 'close', context: this.number });
  }

  get #texts(): readonly string[] {
    return this.entries.flatMap((entry) => (entry.type === 'user' ? [entry.text] : []));
  }

  #append(entry: DistributiveOmit<ScriptedEntry, 'id'>): ContextMark {
    const id = this.#appended++;
    this.entries.push({ ...entry, id });
    return { place: id };
  }

  #placeOf({ place }: ContextMark): number {
    if (typeof place === 'number' && this.entries.some(({ id }) => id === place)) return place;
    throw new DuetError('internal', `the scripted context holds no place ${JSON.stringify(place)}`);
  }

  #requireRoom(more: number): void {
    const { capacity } = this.#parts.capabilities;
    if (capacity === null || this.size + more <= capacity.total) return;
    throw new DuetError(
      'context_full',
      `${more} more ${capacity.unit} do not fit: ${this.size} of ${capacity.total} are used`,
    );
  }

  #requireSide({ width, height, rgb }: Picture): void {
    const side = this.#parts.capabilities.pictureSide;
    if (side === null || (width === side && height === side && rgb.length === side * side * 3)) return;
    throw new DuetError(
      'invalid_request',
      `a picture of ${width} x ${height} with ${rgb.length} bytes was appended; ` +
        `the model takes ${side} x ${side} RGB`,
    );
  }

  #scoresOf(picture: Picture): FrameScores {
    const { scores } = this.#parts.script;
    const position = this.entries.filter((entry) => entry.type === 'frame').length;
    if (typeof scores === 'function') return scores(picture, position, this.#texts);
    return scores?.[Math.min(position, scores.length - 1)] ?? { informative: 0, relevance: 0 };
  }

  #replyParts(): Iterable<string> | AsyncIterable<string> {
    const number = this.#replies++;
    const { replies } = this.#parts.script;
    if (typeof replies === 'function') return replies(number, this.#texts);
    const reply = replies?.[Math.min(number, replies.length - 1)] ?? `reply ${number}`;
    return typeof reply === 'string' ? [reply] : reply;
  }
}

/** One thing a {@link ScriptedContext} holds. */
type ScriptedEntry = {
  /** Numbers everything ever appended to the context; a mark holds the id of the entry before it. */
  readonly id: number;
  /** Its size in the context. */
  readonly size: number;
} & (
  | { readonly type: 'system' | 'user' | 'assistant'; readonly text: string }
  | { readonly type: 'frame'; readonly picture: Picture }
);

/** What a context shares with its model. */
interface ScriptedParts {
  readonly capabilities: ModelCapabilities;
  readonly script: Script;
  readonly heard: HeardCall[];
}

/** `Omit` of each member of a union. */
type DistributiveOmit<Union, Key extends PropertyKey> = Union extends Union ? Omit<Union, Key> : never;

/** Yields the parts until `signal` aborts, even while waiting for one. */
async function* untilAborted(
  parts: Iterable<string> | AsyncIterable<string>,
  signal: AbortSignal | undefined,
): AsyncGenerator<string> {
  const iterator = Symbol.asyncIterator in parts ? parts[Symbol.asyncIterator]() : parts[Symbol.iterator]();
  let abort: () => void = () => undefined;
  const aborted = new Promise<null>((resolve) => {
    abort = () => {
      resolve(null);
    };
  });
  signal?.addEventListener('abort', abort);
  try {
    while (!signal?.aborted) {
      const next = await Promise.race([iterator.next(), aborted]);
      if (next === null || next.done === true) return;
      yield next.value;
    }
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}
