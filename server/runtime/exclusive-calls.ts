import { DuetError } from '../errors.js';

/**
 * Keeps calls on one context from overlapping, as `DuetContext` requires, and refuses calls after it is
 * closed.
 */
export class ExclusiveCalls {
  #running: string | null = null;
  #closed = false;

  /**
   * Runs a call. Throws 'internal' if another is running, 'model_failed' once closed, and what the call
   * throws.
   */
  async run<Result>(name: string, call: () => Promise<Result>): Promise<Result> {
    this.enter(name);
    try {
      return await call();
    } finally {
      this.leave();
    }
  }

  /** Begins a call that {@link leave} ends, for generators. Throws as {@link run} does. */
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

  /** Ends the call begun by {@link enter}. */
  leave(): void {
    this.#running = null;
  }

  /** Refuses further calls; returns whether it was still open. */
  close(): boolean {
    const wasOpen = !this.#closed;
    this.#closed = true;
    return wasOpen;
  }
}
