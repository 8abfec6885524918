import { DuetError } from '../errors.js';

/**
 * Holds the calls on one context apart, as `DuetContext` demands: one at a time, and none once it is closed.
 */
export class ExclusiveCalls {
  #running: string | null = null;
  #closed = false;

  /**
   * Runs a call. Throws 'internal' while another runs, 'model_failed' once closed, and what the call throws.
   */
  async run<Result>(name: string, call: () => Promise<Result>): Promise<Result> {
    this.enter(name);
    try {
      return await call();
    } finally {
      this.leave();
    }
  }

  /**
   * Begins a call that {@link leave} ends, for one that is spread over a generator. Throws as {@link run}
   * does.
   */
  enter(name: string): void {
    if (this.#closed) {
      throw new DuetError('model_failed', `${name} was called on a closed context; open a new one`);
    }
    if (this.#running !== null) {
      throw new DuetError(
        'internal',
        `${name} was called while ${this.#running} is still running on this context`,
      );
    }
    this.#running = name;
  }

  /** Ends the call that was begun by {@link enter}. */
  leave(): void {
    this.#running = null;
  }

  /** Lets no further call begin; tells whether this was the first time. */
  close(): boolean {
    const wasOpen = !this.#closed;
    this.#closed = true;
    return wasOpen;
  }
}
