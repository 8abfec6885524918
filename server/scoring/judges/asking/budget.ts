import { DuetError } from '../../../errors.js';
import type { Price } from '../judging-plan.js';
import { costOf, type Tokens } from './prices.js';

/** Money that the judges of a run may spend together. */
interface Budget {
  /** For a judge of that price. */
  reserveAt(price: Price): Reserve;
}

/**
 * Sets aside what a request is estimated to take, and throws where that is too much. What it returns is told
 * what the request did take, `nothing` where it was refused.
 */
export type Reserve = (estimate: Tokens) => (taken: Tokens | 'nothing') => void;

/**
 * A budget of so many dollars. A request that failed counts as estimated, since it may have been charged for.
 */
export function openBudget(dollars: number): Budget {
  let taken = 0;
  return {
    reserveAt: (price) => (estimate) => {
      const reserved = costOf(estimate, price) ?? 0;
      // Sums of many small prices are not exact.
      if (taken + reserved > dollars * (1 + 1e-9)) throw exhausted(dollars, taken);
      taken += reserved;
      return (tokens) => {
        if (tokens === 'nothing') taken -= reserved;
        // A service that counts no tokens says 0.
        else if (tokens.inputTokens > 0) taken += (costOf(tokens, price) ?? 0) - reserved;
      };
    },
  };
}

function exhausted(dollars: number, taken: number): DuetError {
  const problem =
    `the next request could exceed --judge-budget ${dollars}, ` +
    `of which $${taken.toFixed(4)} has been spent`;
  const remedy =
    'repeat the command with what more may be spent; replies that were kept are not asked for again';
  return new DuetError('invalid_request', `${problem}; ${remedy}`);
}
