import { officialUrl, type PlannedJudge, type Price } from '../judging-plan.js';

/**
 * The price given for a judge, or the listed price of a model at the official service; null if neither is
 * known.
 */
export function priceOf({ name, url, price }: PlannedJudge): Price | null {
  if (price !== null) return price;
  const model = /^openai:(.+)$/s.exec(name)?.[1];
  return model === undefined || url !== officialUrl ? null : listedPrice(model);
}

/** When the table below was compiled from public price lists; prices change. */
export const pricesAsOf = '2026-06';

/** Prices of models often used as judges, at the official service. */
const prices: Readonly<Record<string, Price>> = {
  'gpt-4o': { input: 2.5, output: 10 },
  'gpt-4o-mini': { input: 0.15, output: 0.6 },
  'gpt-4.1': { input: 2, output: 8 },
  'gpt-4.1-mini': { input: 0.4, output: 1.6 },
  'gpt-4.1-nano': { input: 0.1, output: 0.4 },
  'gpt-5': { input: 1.25, output: 10 },
  'gpt-5-mini': { input: 0.25, output: 2 },
  'gpt-5-nano': { input: 0.05, output: 0.4 },
};

/** The listed price of a model, including dated versions such as `gpt-4o-2024-08-06`; null if not listed. */
function listedPrice(model: string): Price | null {
  const name = model.replace(/-\d{4}-\d{2}-\d{2}$/, '');
  return Object.hasOwn(prices, name) ? (prices[name] ?? null) : null;
}

/** Tokens of a request and its reply. */
export interface Tokens {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** What tokens cost, in dollars; null if the price is unknown, unless there are no tokens. */
export function costOf({ inputTokens, outputTokens }: Tokens, price: Price | null): number | null {
  if (inputTokens === 0 && outputTokens === 0) return 0;
  return price === null ? null : (inputTokens * price.input + outputTokens * price.output) / 1e6;
}

/** Adds two costs; null if either is unknown. */
export function addCosts(one: number | null, other: number | null): number | null {
  return one === null || other === null ? null : one + other;
}
