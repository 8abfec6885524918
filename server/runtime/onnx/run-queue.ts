import { DuetError } from '../../errors.js';

/**
 * Lets one model call run at a time, in the order of arrival. Contexts that take turns here call by call share a worker fairly, and
 * messages (a cancel, a new text) get through between two calls.
 */
export class RunQueue {
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;

  /**
   * Runs `call` when all earlier ones are over and gives its result. A failure is the caller's own; the next call runs all the same.
   * Throws 'model_failed' once the queue is closed, also for calls that were waiting then.
   */
  run<Result>(call: () => Promise<Result>): Promise<Result> {
    const turn = this.#last.then(letMessagesThrough).then(() => {
      if (this.#closed) throw new DuetError('model_failed', 'the model was closed; load it again');
      return call();
    });
    this.#last = turn.then(ignore, ignore);
    return turn;
  }

  /** Lets no further call begin and resolves when the running one is over. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#last;
  }
}

function letMessagesThrough(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function ignore(): void {
  // The caller of run sees the failure.
}
