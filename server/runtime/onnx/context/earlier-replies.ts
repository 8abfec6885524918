/**
 * The tokens of the replies that were given in a context, removed ones included: what was said once is soon
 * said again.
 */
export class EarlierReplies {
  /** One reply after the other, each behind a mark; the oldest are forgotten. */
  #tokens: number[] = [];
  /** What was foreseen last, of a reply that had so many tokens. */
  #foreseen: { readonly behind: number; readonly tokens: readonly number[] } = { behind: 0, tokens: [] };
  /** How many tokens are foreseen at most. */
  #reach = Infinity;

  add(reply: readonly number[]): void {
    this.#learnFrom(reply);
    this.#tokens.push(beginning, ...reply);
    if (this.#tokens.length > 2 * mostTokens) this.#tokens = this.#tokens.slice(-mostTokens);
  }

  /**
   * How the latest reply went on that had the last two tokens of `reply`, or began as it does; else the
   * latest one that had the last token. At most `most` tokens, and two more than were right the last time:
   * with replies that do not repeat each other little is computed in vain.
   */
  continuation(reply: readonly number[], most: number): readonly number[] {
    this.#learnFrom(reply);
    const all = [beginning, ...reply];
    const reach = Math.min(most, this.#reach);
    const behindTwo = this.#following(all.slice(-2), reach);
    const tokens = behindTwo.length > 0 ? behindTwo : this.#following(all.slice(-1), reach);
    this.#foreseen = { behind: reply.length, tokens };
    return tokens;
  }

  #learnFrom(reply: readonly number[]): void {
    const { behind, tokens } = this.#foreseen;
    this.#foreseen = { behind: 0, tokens: [] };
    if (tokens.length === 0) return;
    const wrong = tokens.findIndex((token, index) => reply[behind + index] !== token);
    this.#reach = (wrong < 0 ? tokens.length : wrong) + 2;
  }

  /** What followed the latest place of some tokens, as far as the reply went. */
  #following(sought: readonly number[], most: number): readonly number[] {
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
