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
import { unexpected } from './call-board.js';
import type { CallBoard, GoodAnswer, OngoingCall } from './call-board.js';
import type { ModelCall } from './messages.js';

/** A context that lives on a worker. */
export class ContextProxy implements DuetContext {
  readonly #board: CallBoard;
  readonly #number: number;
  readonly #onClose: () => void;
  readonly start: ContextMark;
  #size: number;
  #closing: Promise<void> | null = null;

  private constructor(board: CallBoard, number: number, opened: Opened, onClose: () => void) {
    this.#board = board;
    this.#number = number;
    this.start = opened.mark;
    this.#size = opened.size;
    this.#onClose = onClose;
  }

  /** Opens context `number` on the worker behind `board`. `onClose` is called once, when it is closed. */
  static async open(
    board: CallBoard,
    number: number,
    options: ContextOptions,
    onClose: () => void,
    signal?: AbortSignal,
  ): Promise<ContextProxy> {
    refuseIfAborted(signal);
    const { systemPrompt, promptLayout } = options;
    const message = { type: 'open', context: number, options: { systemPrompt, promptLayout } } as const;
    const opened = await board.ask(message, signal);
    if (opened.type !== 'marked') throw unexpected(opened);
    return new ContextProxy(board, number, opened, onClose);
  }

  get size(): number {
    return this.#size;
  }

  async appendFrames(pictures: readonly Picture[], signal?: AbortSignal): Promise<readonly ScoredFrame[]> {
    refuseIfAborted(signal);
    const handed = copyToHandOver(pictures);
    const message = { type: 'frames', context: this.#number, pictures: handed.pictures } as const;
    const answer = await this.#ask(message, signal, handed.buffers);
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
    const call = this.#board.begin({
      type: 'reply',
      context: this.#number,
      options: { maxTokens, repetitionPenalty, afterwards },
    });
    const abort = () => {
      this.#board.abort(call);
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

  /** Frees the context on its worker, after ending what still runs on it. Later calls throw. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#onClose();
    try {
      await this.#board.ask({ type: 'close', context: this.#number });
    } catch {
      // The worker is gone and its memory with it.
    }
    this.#size = 0;
  }

  /**
   * The parts as they come. Leaving them early cancels the reply and waits until the context is usable again.
   */
  async *#parts(call: OngoingCall): AsyncGenerator<ReplyPart, void, undefined> {
    try {
      for (;;) {
        const answer = this.#noteSize(await call.next());
        if (answer.type !== 'part') throw unexpected(answer);
        yield answer.part;
        if (answer.part.type === 'end') return;
        this.#board.take(call);
      }
    } finally {
      this.#board.abort(call);
      await call.drain((answer) => this.#noteSize(answer));
    }
  }

  async #ask(
    message: ModelCall,
    signal?: AbortSignal,
    transfer?: readonly ArrayBuffer[],
  ): Promise<GoodAnswer> {
    refuseIfAborted(signal);
    return this.#noteSize(await this.#board.ask(message, signal, transfer));
  }

  #noteSize(answer: GoodAnswer): GoodAnswer {
    this.#size = answer.size;
    return answer;
  }
}

type Opened = Extract<GoodAnswer, { type: 'marked' }>;

/**
 * Copies pictures so that the copies can be handed to another thread: the caller keeps its own, which it may
 * have to append again, and a picture that is a piece of a larger buffer takes only its piece along.
 */
function copyToHandOver(pictures: readonly Picture[]): {
  readonly pictures: readonly Picture[];
  readonly buffers: readonly ArrayBuffer[];
} {
  const copies = pictures.map((picture) => ({ ...picture, rgb: new Uint8Array(picture.rgb) }));
  return { pictures: copies, buffers: copies.map(({ rgb }) => rgb.buffer) };
}
