import type { DuetError } from '../../errors.js';
import type { CallAnswer, ModelCall, ToWorker } from './messages.js';
import { isLast, OngoingCall } from './ongoing-call.js';
import type { GoodAnswer } from './ongoing-call.js';

/** Sends a message to a worker; the buffers in `transfer` are handed over. */
export type Post = (message: ToWorker, transfer: readonly ArrayBuffer[]) => void;

/** The asking side of the messages: numbers calls and brings every answer to its call. */
export class CallBoard {
  readonly #post: Post;
  readonly #onBusy: (busy: boolean) => void;
  readonly #ongoing = new Map<number, OngoingCall>();
  #next = 0;
  #broken: DuetError | null = null;

  /** `onBusy` is called when the first call begins and when the last one is over. */
  constructor(post: Post, onBusy: (busy: boolean) => void) {
    this.#post = post;
    this.#onBusy = onBusy;
  }

  /** Posts a call. Throws when the worker is gone. */
  begin(message: ModelCall, transfer: readonly ArrayBuffer[] = []): OngoingCall {
    if (this.#broken !== null) throw this.#broken;
    const call = new OngoingCall(this.#next++);
    this.#post({ ...message, call: call.number }, transfer);
    this.#ongoing.set(call.number, call);
    if (this.#ongoing.size === 1) this.#onBusy(true);
    return call;
  }

  /**
   * Posts a call that has one answer and gives that answer; an abort is passed on, and the answer awaited all
   * the same.
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
  abort(call: OngoingCall): void {
    if (this.#ongoing.has(call.number)) this.#post({ type: 'abort', call: call.number }, []);
  }

  /** Tells the worker that a part was consumed. */
  take(call: OngoingCall): void {
    if (this.#ongoing.has(call.number)) this.#post({ type: 'taken', call: call.number }, []);
  }

  /** Brings an answer to its call. */
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
