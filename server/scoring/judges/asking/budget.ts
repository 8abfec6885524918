import { DuetError } from '../../../errors.js';
import type { Price } from '../judging-plan.js';
import { costOf, type Tokens } from './prices.js';

/** Opens a budget in dollars. A failed request counts as estimated, since it may have been charged. */
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
        // A service that does not count tokens reports 0.
        else if (tokens.inputTokens > 0) taken += (costOf(tokens, price) ?? 0) - reserved;
      };
    },
  };
}

/** What the judges of a run may spend together. */
interface Budget {
  /** Reserves money for a judge with this price. */
  reserveAt(price: Price): Reserve;
}

/**
 * Reserves the estimated cost of a request; throws if that exceeds the budget. Call the function it returns
 * with the actual tokens, or `nothing` if the request was refused.
 */
export type Reserve = (estimate: Tokens) => (taken: Tokens | 'nothing') => void;

function exhausted(dollars: number, taken: number): DuetError {
  const problem =
    `the next request could exceed --judge-budget ${dollars}, ` +
    `of which $${taken.toFixed(4)} has been spent`;
  const remedy =
    'repeat the command with what more may be spent; replies that were kept are not asked for again';
  return new DuetError('invalid_request', `${problem}; ${remedy}`);
}
