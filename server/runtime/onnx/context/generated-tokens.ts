/**
 * The tokens generated in a context, each with the place where that last happened, for the repetition
 * penalty. Tokens are forgotten with what is evicted around them, so the penalty does not grow for ever.
 */
export class GeneratedTokens {
  readonly #places = new Map<number, number>();

  /** Every token, once. */
  get tokens(): Iterable<number> {
    return this.#places.keys();
  }

  add(token: number, place: number): void {
    this.#places.set(token, place);
  }

  /** Forgets the tokens generated after `from` up to `to`. */
  evict(from: number, to: number): void {
    for (const [token, place] of this.#places) if (place > from && place <= to) this.#places.delete(token);
  }
}
