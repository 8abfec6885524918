import { DuetError } from '../../../errors.js';

/**
 * Runs one model call at a time, in order of arrival within each urgency. Contexts take turns call by call
 * and so share a worker fairly; messages (a cancel, a new text) are handled between two calls.
 */
export class RunQueue {
  readonly #waiting: Record<Urgency, (() => Promise<void>)[]> = { prompt: [], patient: [] };
  #passing = 0;
  #running: Promise<void> | null = null;
  #closed = false;

  /**
   * Runs `call` when its turn comes and returns its result. A failure affects only its caller. Throws
   * 'model_failed' once the queue is closed, also for calls that are still waiting.
   */
  run<Result>(call: () => Promise<Result>, urgency: Urgency = 'prompt'): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting[urgency].push(() => this.#begin(call).then(resolve, reject));
      this.#running ??= this.#runAll();
    });
  }

  /** Refuses further calls and resolves when the running one ends. */
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
 * How a call waits: `prompt` calls go first; `patient` ones (slices of a long text) let a few of them pass.
 */
export type Urgency = 'prompt' | 'patient';

/** How many prompt calls may pass a waiting patient one, so that a busy worker still reads long texts. */
const mostPassing = 4;

function letMessagesThrough(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
