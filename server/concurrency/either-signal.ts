/**
 * A signal that aborts with the first of several, until it is disposed of. Unlike `AbortSignal.any` it leaves
 * nothing behind on signals that live longer, so it may be made for every reply of an endless session.
 */
export class EitherSignal implements Disposable {
  readonly #controller = new AbortController();
  readonly #sources: readonly AbortSignal[];
  readonly #abort = (event: Event): void => {
    this.#follow(event.target);
  };

  constructor(...sources: readonly AbortSignal[]) {
    this.#sources = sources;
    for (const source of sources) {
      if (source.aborted) this.#follow(source);
      else source.addEventListener('abort', this.#abort, { once: true });
    }
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  [Symbol.dispose](): void {
    for (const source of this.#sources) source.removeEventListener('abort', this.#abort);
  }

  #follow(source: EventTarget | null): void {
    this.#controller.abort(source instanceof AbortSignal ? source.reason : undefined);
  }
}
