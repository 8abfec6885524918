/** The tokens of the replies that were given in a context, removed ones included: what was said once is soon said again. */
export class EarlierReplies {
  /** One reply after the other, each behind a mark; the oldest are forgotten. */
  #tokens: number[] = [];

  add(reply: readonly number[]): void {
    this.#tokens.push(beginning, ...reply);
    if (this.#tokens.length > 2 * mostTokens) this.#tokens = this.#tokens.slice(-mostTokens);
  }

  /**
   * How the latest reply went on that had the last two tokens of `reply`, or began as it does: at most `most` tokens.
   */
  continuation(reply: readonly number[], most: number): readonly number[] {
    const sought = [beginning, ...reply].slice(-2);
    for (let at = this.#tokens.length - sought.length - 1; at >= 0; at--) {
      if (sought.some((token, index) => this.#tokens[at + index] !== token)) continue;
      const first = at + sought.length;
      const following = this.#tokens.slice(first, first + most);
      const end = following.indexOf(beginning);
      return end < 0 ? following : following.slice(0, end);
    }
    return [];
  }
}

/** Stands before each reply; no token. */
const beginning = -1;

const mostTokens = 2048;
