import { DuetError } from '../../../errors.js';

/**
 * Lets one model call run at a time, in the order of arrival within each urgency. Contexts that take turns
 * here call by call share a worker fairly, and messages (a cancel, a new text) get through between two calls.
 */
export class RunQueue {
  readonly #waiting: Record<Urgency, (() => Promise<void>)[]> = { prompt: [], patient: [] };
  #passing = 0;
  #running: Promise<void> | null = null;
  #closed = false;

  /**
   * Runs `call` when its turn comes and gives its result. A failure is the caller's own; the next call runs
   * all the same. Throws 'model_failed' once the queue is closed, also for calls that were waiting then.
   */
  run<Result>(call: () => Promise<Result>, urgency: Urgency = 'prompt'): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting[urgency].push(() => this.#begin(call).then(resolve, reject));
      this.#running ??= this.#runAll();
    });
  }

  /** Lets no further call begin and resolves when the running one is over. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
  }

  async #runAll(): Promise<void> {
    for (;;) {
      await letMessagesThrough();
      const next = this.#next();
      if (next === undefined) break;
      await next();
    }
    this.#running = null;
  }

  #next(): (() => Promise<void>) | undefined {
    const { prompt, patient } = this.#waiting;
    if (patient.length === 0) return prompt.shift();
    if (prompt.length > 0 && this.#passing < mostPassing) {
      this.#passing += 1;
      return prompt.shift();
    }
    this.#passing = 0;
    return patient.shift();
  }

  async #begin<Result>(call: () => Promise<Result>): Promise<Result> {
    if (this.#closed) throw new DuetError('model_failed', 'the model was closed; load it again');
    return call();
  }
}

/**
 * How a call waits: `prompt` calls come first; `patient` ones (slices of a long text) let them pass, up to a
 * limit.
 */
export type Urgency = 'prompt' | 'patient';

/**
 * Prompt calls that may pass a waiting patient one before it has its turn, so that a busy worker reads long
 * texts too.
 */
const mostPassing = 4;

function letMessagesThrough(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
