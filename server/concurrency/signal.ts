/** Wakes everyone who waits, as often as needed: a condition variable for one thread. */
export class Signal {
  #waiters = new Set<() => void>();

  /** Wakes all present waiters. */
  notify(): void {
    const waiters = this.#waiters;
    this.#waiters = new Set();
    for (const wake of waiters) wake();
  }

  /**
   * Resolves at the next {@link notify}, or when `signal` aborts; it never rejects, so look again at what you
   * waited for.
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
