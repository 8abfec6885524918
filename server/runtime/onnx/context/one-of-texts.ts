/** Keeps a reply to one of some texts, token by token. */
export class OneOfTexts<Text extends { readonly tokens: readonly number[] }> {
  /** The texts that begin with the tokens taken so far. */
  #left: readonly Text[];
  #taken = 0;
  readonly #end: number;

  /** `end`: the token that ends a reply. Of no texts only the empty one remains. */
  constructor(texts: readonly Text[], end: number) {
    this.#left = texts;
    this.#end = end;
  }

  /** The tokens that may come next. */
  get next(): ReadonlySet<number> {
    if (this.#left.length === 0) return new Set([this.#end]);
    return new Set(this.#left.map(({ tokens }) => tokens[this.#taken] ?? this.#end));
  }

  /** The tokens that come next whichever text it becomes, at most `most`. */
  certain(most: number): readonly number[] {
    const [first, ...others] = this.#left;
    const following = first?.tokens.slice(this.#taken, this.#taken + most) ?? [];
    const differs = (token: number, index: number) =>
      others.some(({ tokens }) => tokens[this.#taken + index] !== token);
    const end = following.findIndex(differs);
    return end < 0 ? following : following.slice(0, end);
  }

  take(token: number): void {
    this.#left = this.#left.filter(({ tokens }) => (tokens[this.#taken] ?? this.#end) === token);
    this.#taken += 1;
  }

  /** The text that has been taken to its end; null before. */
  get complete(): Text | null {
    return this.#left.find(({ tokens }) => tokens.length < this.#taken) ?? null;
  }
}
