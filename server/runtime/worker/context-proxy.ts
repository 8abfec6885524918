import { refuseIfAborted } from '../../errors.js';
import type { Picture } from '../../video/frame.js';
import type {
  ContextMark,
  ContextOptions,
  DuetContext,
  ReplyOptions,
  ReplyPart,
  ScoredFrame,
} from '../model.js';
import { unexpected } from './pending-calls.js';
import type { PendingCalls, GoodAnswer, PendingCall } from './pending-calls.js';
import type { ModelCall } from './messages.js';

/** A context that lives on a worker. */
export class ContextProxy implements DuetContext {
  readonly #calls: PendingCalls;
  readonly #number: number;
  readonly #onClose: () => void;
  readonly start: ContextMark;
  #size: number;
  #bytes: number | null;
  #closing: Promise<void> | null = null;

  private constructor(calls: PendingCalls, number: number, opened: Opened, onClose: () => void) {
    this.#calls = calls;
    this.#number = number;
    this.start = opened.mark;
    this.#size = opened.size;
    this.#bytes = opened.bytes;
    this.#onClose = onClose;
  }

  /** Opens context `number` on the worker behind `calls`. `onClose` is called once, when it is closed. */
  static async open(
    calls: PendingCalls,
    number: number,
    options: ContextOptions,
    onClose: () => void,
    signal?: AbortSignal,
  ): Promise<ContextProxy> {
    refuseIfAborted(signal);
    const { systemPrompt, promptLayout, positions = 'contiguous' } = options;
    const laidOut = { systemPrompt, promptLayout, positions };
    const message = { type: 'open', context: number, options: laidOut } as const;
    const opened = await calls.ask(message, signal);
    if (opened.type !== 'marked') throw unexpected(opened);
    return new ContextProxy(calls, number, opened, onClose);
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

  async appendUserText(text: string, signal?: AbortSignal): Promise<ContextMark> {
    const answer = await this.#ask({ type: 'user', context: this.#number, text }, signal);
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
    this.#onClose();
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
        const answer = this.#noteSize(await call.next());
        if (answer.type !== 'part') throw unexpected(answer);
        yield answer.part;
        if (answer.part.type === 'end') return;
        this.#calls.take(call);
      }
    } finally {
      this.#calls.abort(call);
      await call.drain((answer) => this.#noteSize(answer));
    }
  }

  async #ask(
    message: ModelCall,
    signal?: AbortSignal,
    transfer?: readonly ArrayBuffer[],
  ): Promise<GoodAnswer> {
    refuseIfAborted(signal);
    return this.#noteSize(await this.#calls.ask(message, signal, transfer));
  }

  #noteSize(answer: GoodAnswer): GoodAnswer {
    this.#size = answer.size;
    this.#bytes = answer.bytes;
    return answer;
  }
}

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
