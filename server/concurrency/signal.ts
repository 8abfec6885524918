/** A condition variable for one thread: wakes all waiters, as often as needed. */
export class Signal {
  #waiters = new Set<() => void>();

  /** Wakes all current waiters. */
  notify(): void {
    const waiters = this.#waiters;
    this.#waiters = new Set();
    for (const wake of waiters) wake();
  }

  /**
   * Resolves at the next {@link notify}, or when `signal` aborts. It never rejects, so check your condition
   * again.
   */
  async wait(signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return;
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        signal?.removeEventListener('abort', wake);
        this.#waiters.delete(wake);
        resolve();
      };
      this.#waiters.add(wake);
      signal?.addEventListener('abort', wake);
    });
  }
}
