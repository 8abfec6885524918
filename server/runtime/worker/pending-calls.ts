import { DuetError } from '../../errors.js';
import { fromPlainError, partsPerNotice } from './messages.js';
import type { CallAnswer, ModelCall, ToWorker } from './messages.js';

/** The caller's side of the messages: numbers calls and routes each answer to its call. */
export class PendingCalls {
  readonly #post: Post;
  readonly #onBusy: (busy: boolean) => void;
  readonly #ongoing = new Map<number, PendingCall>();
  #next = 0;
  #broken: DuetError | null = null;

  /** `onBusy` is called when the first call begins and when the last one ends. */
  constructor(post: Post, onBusy: (busy: boolean) => void) {
    this.#post = post;
    this.#onBusy = onBusy;
  }

  /** Posts a call. Throws when the worker is gone. */
  begin(message: ModelCall, transfer: readonly ArrayBuffer[] = []): PendingCall {
    if (this.#broken !== null) throw this.#broken;
    const call = new PendingCall(this.#next++);
    this.#post({ ...message, call: call.number }, transfer);
    this.#ongoing.set(call.number, call);
    if (this.#ongoing.size === 1) this.#onBusy(true);
    return call;
  }

  /**
   * Posts a call with one answer and returns that answer. An abort is passed on; the answer is still awaited.
   */
  async ask(
    message: ModelCall,
    signal?: AbortSignal,
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<GoodAnswer> {
    const call = this.begin(message, transfer);
    const abort = () => {
      this.abort(call);
    };
    signal?.addEventListener('abort', abort);
    try {
      return await call.next();
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  /** Asks the worker to end a call early. */
  abort(call: PendingCall): void {
    if (this.#ongoing.has(call.number)) this.#post({ type: 'abort', call: call.number }, []);
  }

  /** Notes that a part was consumed, and tells the worker every few of them. */
  take(call: PendingCall): void {
    call.taken += 1;
    if (call.taken % partsPerNotice !== 0 || !this.#ongoing.has(call.number)) return;
    this.#post({ type: 'taken', call: call.number, parts: partsPerNotice }, []);
  }

  /** Routes an answer to its call. */
  deliver(answer: CallAnswer): void {
    const call = this.#ongoing.get(answer.call);
    if (isLast(answer)) this.#end(answer.call);
    call?.deliver(answer);
  }

  /** Fails every ongoing call and all later ones. */
  break(error: DuetError): void {
    this.#broken ??= error;
    for (const call of [...this.#ongoing.values()]) {
      this.#end(call.number);
      call.fail(this.#broken);
    }
  }

  #end(number: number): void {
    if (this.#ongoing.delete(number) && this.#ongoing.size === 0) this.#onBusy(false);
  }
}

/** Sends a message to a worker and transfers the given buffers. */
type Post = (message: ToWorker, transfer: readonly ArrayBuffer[]) => void;

/** An answer other than a failure. */
export type GoodAnswer = Exclude<CallAnswer, { type: 'failed' }>;

/**
 * A call that is waiting for answers. Its queue is bounded, because a worker waits when its parts are not
 * taken.
 */
export class PendingCall {
  readonly number: number;
  /** Parts consumed. */
  taken = 0;
  readonly #answers: (GoodAnswer | DuetError)[] = [];
  #onAnswer: () => void = () => undefined;
  #over = false;

  constructor(number: number) {
    this.number = number;
  }

  /** Waits for the next answer. Throws what the worker threw. Must not be called concurrently. */
  async next(): Promise<GoodAnswer> {
    while (this.#answers.length === 0) {
      await new Promise<void>((resolve) => {
        this.#onAnswer = resolve;
      });
    }
    const answer = this.#answers.shift();
    if (answer === undefined || answer instanceof Error) throw answer ?? new Error('unreachable');
    return answer;
  }

  /** Waits until the call is over, passing on the remaining answers; a failure is not thrown. */
  async drain(onAnswer: (answer: GoodAnswer) => void): Promise<void> {
    try {
      while (!this.#over || this.#answers.length > 0) onAnswer(await this.next());
    } catch {
      // The caller has already given up this call.
    }
  }

  /** Adds an answer. */
  deliver(answer: CallAnswer): void {
    this.#over = isLast(answer);
    this.#answers.push(answer.type === 'failed' ? fromPlainError(answer.error) : answer);
    this.#onAnswer();
  }

  /** Ends the call when no more answers can come. */
  fail(error: DuetError): void {
    this.#over = true;
    this.#answers.push(error);
    this.#onAnswer();
  }
}

/** Whether a call is over after this answer. */
function isLast(answer: CallAnswer): boolean {
  return answer.type !== 'part' || answer.part.type === 'end';
}

/** The error for an answer of the wrong type. */
export function unexpected(answer: GoodAnswer): DuetError {
  return new DuetError('internal', `a worker answered with ${answer.type} where something else was due`);
}
