/** Runs asynchronous work one piece at a time, in call order. */
export class OneAtATime {
  #last: Promise<unknown> = Promise.resolve();

  /** Settles as `work` does, once its turn has come. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
