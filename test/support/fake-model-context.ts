import { DuetError } from '../../server/errors.js';
import type { ModelDescription } from '../../server/runtime/folder/manifest.js';
import type {
  ContextMark,
  ContextOptions,
  DuetContext,
  ReplyOptions,
  ReplyPart,
  ScoredFrame,
} from '../../server/runtime/model.js';
import type { Picture } from '../../server/video/frame.js';
import type { FakeModelScript, HeardCall } from './fake-model.js';

/** One thing a {@link FakeContext} holds, and how many tokens it costs. */
export type FakeEntry = { readonly tokens: number } & (
  | { readonly type: 'system' | 'user' | 'assistant'; readonly text: string }
  | { readonly type: 'frame'; readonly picture: Picture }
);

const turnTokens = 5;

/** One context of a fake model: keeps what it holds in plain sight and refuses what the interface forbids. */
export class FakeContext implements DuetContext {
  /** What the context holds now, in order. */
  entries: FakeEntry[];
  closed = false;
  readonly number: number;
  readonly options: ContextOptions;
  readonly #description: ModelDescription;
  readonly #script: FakeModelScript;
  readonly #heard: HeardCall[];
  #replies = 0;
  #running: string | null = null;

  constructor(
    number: number,
    options: ContextOptions,
    description: ModelDescription,
    script: FakeModelScript,
    heard: HeardCall[],
  ) {
    this.number = number;
    this.options = options;
    this.#description = description;
    this.#script = script;
    this.#heard = heard;
    this.entries = [{ type: 'system', text: options.systemPrompt, tokens: costOfText(options.systemPrompt) }];
  }

  get size(): number {
    return this.entries.reduce((sum, entry) => sum + entry.tokens, 0);
  }

  /** Records a call and lets the script hold it up or fail it. */
  async hear(call: HeardCall): Promise<void> {
    this.#heard.push(call);
    await this.#script.before?.(call);
  }

  appendFrames(pictures: readonly Picture[], signal?: AbortSignal): Promise<readonly ScoredFrame[]> {
    return this.#alone('appendFrames', async () => {
      refuseIfAborted(signal);
      await this.hear({ type: 'frames', context: this.number, pictures });
      refuseIfAborted(signal);
      for (const picture of pictures) this.#requireSide(picture);
      const tokens = this.#description.tokensPerFrame;
      this.#requireRoom(pictures.length * tokens);
      return pictures.map((picture) => {
        const scores = this.#scoresOf(picture);
        this.entries.push({ type: 'frame', picture, tokens });
        return { scores, mark: { tokens: this.size, turn: 'stream' } };
      });
    });
  }

  appendUserText(text: string, signal?: AbortSignal): Promise<void> {
    return this.#alone('appendUserText', async () => {
      refuseIfAborted(signal);
      await this.hear({ type: 'user', context: this.number, text });
      refuseIfAborted(signal);
      this.#requireRoom(costOfText(text));
      this.entries.push({ type: 'user', text, tokens: costOfText(text) });
    });
  }

  async *generateReply(options: ReplyOptions, signal?: AbortSignal): AsyncGenerator<ReplyPart> {
    this.#enter('generateReply');
    const parts: string[] = [];
    let reason: 'completed' | 'length' | 'cancelled' = 'cancelled';
    try {
      await this.hear({ type: 'reply', context: this.number, options });
      this.#requireRoom(turnTokens);
      for await (const text of untilAborted(this.#replyParts(), signal)) {
        parts.push(text);
        yield { type: 'text', text };
        if (parts.length >= options.maxTokens) break;
      }
      reason = signal?.aborted ? 'cancelled' : parts.length >= options.maxTokens ? 'length' : 'completed';
    } finally {
      if (options.afterwards === 'keep') {
        this.entries.push({ type: 'assistant', text: parts.join(''), tokens: turnTokens + parts.length });
      }
      this.#heard.push({ type: 'reply-end', context: this.number, reason });
      this.#running = null;
    }
    yield { type: 'end', reason, tokens: parts.map((_, index) => 100 + index) };
  }

  cutBackTo(mark: ContextMark): Promise<void> {
    return this.#alone('cutBackTo', async () => {
      await this.hear({ type: 'cut', context: this.number, mark });
      let tokens = 0;
      const kept = this.entries.filter((entry) => (tokens += entry.tokens) <= mark.tokens);
      const size = kept.reduce((sum, entry) => sum + entry.tokens, 0);
      if (size !== mark.tokens) {
        throw new DuetError('internal', `the fake context holds no place after ${mark.tokens} tokens`);
      }
      this.entries = kept;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await this.hear({ type: 'close', context: this.number });
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
    if (this.closed) throw new DuetError('model_failed', `${name} was called on a closed context`);
    if (this.#running !== null) {
      throw new DuetError('internal', `${name} was called while ${this.#running} is still running`);
    }
    this.#running = name;
  }

  #requireRoom(tokens: number): void {
    const limit = this.#description.decoder.maxContext;
    if (this.size + tokens <= limit) return;
    throw new DuetError(
      'context_full',
      `${tokens} more tokens do not fit: ${this.size} of ${limit} are used`,
    );
  }

  #requireSide(picture: Picture): void {
    const side = this.#description.picture.side;
    if (picture.width === side && picture.height === side && picture.rgb.length === side * side * 3) return;
    throw new DuetError(
      'invalid_request',
      `a picture of ${picture.width} x ${picture.height} with ${picture.rgb.length} bytes was appended; the model takes ${side} x ${side} RGB`,
    );
  }

  #scoresOf(picture: Picture): ScoredFrame['scores'] {
    const { scores } = this.#script;
    const position = this.entries.filter((entry) => entry.type === 'frame').length;
    if (typeof scores === 'function') return scores(picture, position);
    return scores?.[Math.min(position, scores.length - 1)] ?? { informative: 0, relevance: 0 };
  }

  #replyParts(): Iterable<string> | AsyncIterable<string> {
    const number = this.#replies++;
    const { replies } = this.#script;
    if (typeof replies === 'function') return replies(number);
    const reply = replies?.[Math.min(number, replies.length - 1)] ?? `reply ${number}`;
    return typeof reply === 'string' ? [reply] : reply;
  }
}

function costOfText(text: string): number {
  return turnTokens + wordsOf(text);
}

/** Words of a text, which are a fake model's tokens. */
export function wordsOf(text: string): number {
  return text.split(/\s+/).filter((word) => word !== '').length;
}

function refuseIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new DuetError('cancelled', 'the call was aborted', { cause: signal.reason });
}

/** The parts until `signal` aborts, also while a part is awaited. */
async function* untilAborted(
  parts: Iterable<string> | AsyncIterable<string>,
  signal: AbortSignal | undefined,
): AsyncGenerator<string> {
  const iterator = Symbol.asyncIterator in parts ? parts[Symbol.asyncIterator]() : parts[Symbol.iterator]();
  const aborted = new Promise<null>((resolve) => {
    signal?.addEventListener('abort', () => {
      resolve(null);
    });
  });
  while (!signal?.aborted) {
    const next = await Promise.race([iterator.next(), aborted]);
    if (next === null || next.done === true) return;
    yield next.value;
  }
}
