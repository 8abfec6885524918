import { DuetError } from '../../../errors.js';
import type { SpendingFigures } from '../../spending-figures.js';

/**
 * What a remote model has cost, and the limit of it: one for all sessions of a server, and a part for each.
 */
export class Spending {
  readonly #prices: Prices | null;
  readonly #whole: Spending | null;
  readonly #budget: number | null;
  readonly #now: () => number;
  #calls = 0;
  #inputTokens = 0;
  #outputTokens = 0;
  /** Spent, and reserved for requests that are out. */
  #dollars = 0;
  #recent: number[] = [];

  /**
   * `budget` in dollars, null for none; `now` gives monotonic milliseconds. All that is spent counts in
   * `whole` as well, which may have a budget of its own.
   */
  constructor(
    prices: Prices | null,
    budget: number | null,
    { now = () => performance.now(), whole = null }: { now?: () => number; whole?: Spending | null } = {},
  ) {
    if (budget !== null && prices === null) {
      throw new DuetError(
        'invalid_request',
        `a budget of $${budget} needs the prices of the model: name them in a model file, ` +
          'as in "prices": {"input": 0.4, "output": 1.6}',
      );
    }
    this.#prices = prices;
    this.#budget = budget;
    this.#now = now;
    this.#whole = whole;
  }

  /** What one session spends of it. */
  part(): Spending {
    return new Spending(this.#prices, null, { now: this.#now, whole: this });
  }

  get figures(): SpendingFigures {
    const since = this.#now() - minuteMs;
    this.#recent = this.#recent.filter((time) => time > since);
    return {
      calls: this.#calls,
      callsLastMinute: this.#recent.length,
      inputTokens: this.#inputTokens,
      outputTokens: this.#outputTokens,
      dollars: this.#prices === null ? null : this.#dollars,
      budget: this.#whole === null ? this.#budget : this.#whole.#budget,
    };
  }

  /**
   * Reserves what one request may cost, before it is made; every retry reserves anew. Throws 'budget_spent'
   * if that could exceed the budget. Call what it returns with what the request took, once.
   */
  reserve(most: TokenCount): Settle {
    const reserved = requestDollars(this.#prices, most);
    // Sums of many small prices are not exact.
    if (this.#budget !== null && this.#dollars + reserved > this.#budget * (1 + 1e-9)) throw this.#spent();
    const settleWhole = this.#whole?.reserve(most);
    this.#dollars += reserved;
    return (taken) => {
      settleWhole?.(taken);
      if (taken === 'nothing') {
        this.#dollars -= reserved;
        return;
      }
      const used = taken === 'unknown' ? most : taken;
      this.#dollars += requestDollars(this.#prices, used) - reserved;
      this.#calls += 1;
      this.#inputTokens += used.input;
      this.#outputTokens += used.output;
      this.#recent.push(this.#now());
    };
  }

  #spent(): DuetError {
    return new DuetError(
      'budget_spent',
      `the next request could exceed the budget of $${this.#budget}, of which $${this.#dollars.toFixed(4)} ` +
        'has been spent: start again with a higher --budget',
    );
  }
}

/** What a request costs, in dollars; 0 if the prices are not known. */
export function requestDollars(prices: Prices | null, { input, output }: TokenCount): number {
  if (prices === null) return 0;
  return prices.call + (input * prices.input + output * prices.output) / 1e6;
}

/** Dollars per million tokens, and for each request. */
export interface Prices {
  readonly input: number;
  readonly output: number;
  readonly call: number;
}

/** Tokens of a request and its answer. */
export interface TokenCount {
  readonly input: number;
  readonly output: number;
}

/** Says what a request took: nothing if it was refused before it cost anything, the estimate if unknown. */
type Settle = (taken: TokenCount | 'nothing' | 'unknown') => void;

const minuteMs = 60_000;
