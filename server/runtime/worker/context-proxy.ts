import { refuseIfAborted } from '../../errors.js';
import type { Picture } from '../../video/frame.js';
import type {
  ContextMark,
  ContextOptions,
  DuetContext,
  Pace,
  ReplyOptions,
  ReplyPart,
  ScoredFrame,
} from '../model.js';
import { unexpected } from './pending-calls.js';
import type { PendingCalls, GoodAnswer, PendingCall } from './pending-calls.js';
import type { ModelCall } from './messages.js';
import type { Work } from './worker-load.js';

/** A context that lives on a worker. */
export class ContextProxy implements DuetContext {
  readonly #calls: PendingCalls;
  readonly #number: number;
  readonly #pace: () => Pace;
  readonly #home: ContextHome;
  readonly start: ContextMark;
  #size: number;
  #bytes: number | null;
  #closing: Promise<void> | null = null;

  private constructor(
    calls: PendingCalls,
    number: number,
    pace: () => Pace,
    opened: Opened,
    home: ContextHome,
  ) {
    this.#calls = calls;
    this.#number = number;
    this.#pace = pace;
    this.start = opened.mark;
    this.#size = opened.size;
    this.#bytes = opened.bytes;
    this.#home = home;
  }

  /** Opens context `number` on the worker behind `calls`. */
  static async open(
    calls: PendingCalls,
    number: number,
    options: ContextOptions,
    home: ContextHome,
    signal?: AbortSignal,
  ): Promise<ContextProxy> {
    refuseIfAborted(signal);
    const { systemPrompt, promptLayout, positions = 'contiguous', pace = inRealtime, follows } = options;
    const laidOut = { systemPrompt, promptLayout, positions, ...(follows !== undefined && { follows }) };
    const message = { type: 'open', context: number, options: laidOut } as const;
    const opened = await calls.ask({ ...message, pace: pace() }, signal);
    if (opened.type !== 'marked') throw unexpected(opened);
    return new ContextProxy(calls, number, pace, opened, home);
  }

  get worker(): number {
    return this.#home.worker;
  }

  get size(): number {
    return this.#size;
  }

  get bytes(): number | null {
    return this.#bytes;
  }

  async appendFrames(pictures: readonly Picture[], signal?: AbortSignal): Promise<readonly ScoredFrame[]> {
    refuseIfAborted(signal);
    const copies = copyForTransfer(pictures);
    const message = { type: 'frames', context: this.#number, pictures: copies.pictures } as const;
    const answer = await this.#ask(message, signal, copies.buffers);
    if (answer.type !== 'scored') throw unexpected(answer);
    return answer.frames;
  }

  async appendUserText(text: string, signal?: AbortSignal, stands = false): Promise<ContextMark> {
    const answer = await this.#ask({ type: 'user', context: this.#number, text, stands }, signal);
    if (answer.type !== 'marked') throw unexpected(answer);
    return answer.mark;
  }

  async *generateReply(
    options: ReplyOptions,
    signal?: AbortSignal,
  ): AsyncGenerator<ReplyPart, void, undefined> {
    if (signal?.aborted) {
      yield { type: 'end', reason: 'cancelled', tokens: 0 };
      return;
    }
    const { maxTokens, repetitionPenalty, afterwards } = options;
    const call = this.#calls.begin({
      type: 'reply',
      context: this.#number,
      pace: this.#pace(),
      options: { maxTokens, repetitionPenalty, afterwards },
    });
    const abort = () => {
      this.#calls.abort(call);
    };
    signal?.addEventListener('abort', abort);
    try {
      yield* this.#parts(call);
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  async cutBackTo(mark: ContextMark): Promise<void> {
    await this.#ask({ type: 'cut', context: this.#number, mark });
  }

  async evict(from: ContextMark, to: ContextMark): Promise<void> {
    await this.#ask({ type: 'evict', context: this.#number, from, to });
  }

  /** Ends what still runs on the context and frees it on its worker. Later calls throw. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#home.onClose();
    try {
      await this.#calls.ask({ type: 'close', context: this.#number });
    } catch {
      // The worker is gone and its memory with it.
    }
    this.#size = 0;
    this.#bytes = 0;
  }

  /**
   * Yields parts as they arrive. Leaving early cancels the reply and waits until the context is usable again.
   */
  async *#parts(call: PendingCall): AsyncGenerator<ReplyPart, void, undefined> {
    try {
      for (;;) {
        const answer = this.#note(await call.next());
        if (answer.type !== 'part') throw unexpected(answer);
        yield answer.part;
        if (answer.part.type === 'end') return;
        this.#calls.take(call);
      }
    } finally {
      this.#calls.abort(call);
      await call.drain((answer) => this.#note(answer));
    }
  }

  async #ask(
    message: ModelCall,
    signal?: AbortSignal,
    transfer?: readonly ArrayBuffer[],
  ): Promise<GoodAnswer> {
    refuseIfAborted(signal);
    const asked = { ...message, pace: this.#pace() };
    return this.#note(await this.#calls.ask(asked, signal, transfer));
  }

  #note(answer: GoodAnswer): GoodAnswer {
    this.#size = answer.size;
    this.#bytes = answer.bytes;
    const frames = answer.type === 'scored' ? answer.frames.length : 0;
    this.#home.onWork({ ...answer.cost, frames, pace: this.#pace() });
    return answer;
  }
}

/** Where a context lives, and what it reports to its owner. */
export interface ContextHome {
  /** Index of the context's worker. */
  readonly worker: number;
  /** Called once, when the context is closed. */
  readonly onClose: () => void;
  /** Called with the work behind each answer. */
  readonly onWork: (work: Work) => void;
}

const inRealtime = (): Pace => 'realtime';

type Opened = Extract<GoodAnswer, { type: 'marked' }>;

/**
 * Copies pictures so that the copies can be transferred to another thread. The caller keeps its own, since it
 * may have to append them again, and a view into a larger buffer is copied alone.
 */
function copyForTransfer(pictures: readonly Picture[]): {
  readonly pictures: readonly Picture[];
  readonly buffers: readonly ArrayBuffer[];
} {
  const copies = pictures.map((picture) => ({ ...picture, rgb: new Uint8Array(picture.rgb) }));
  return { pictures: copies, buffers: copies.map(({ rgb }) => rgb.buffer) };
}
