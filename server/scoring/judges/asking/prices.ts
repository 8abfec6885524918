/** Dollars per million tokens. */
export interface Price {
  readonly input: number;
  readonly output: number;
}

/** When the table below was put together, from public price lists; prices change. */
export const pricesAsOf = '2026-06';

/** Prices of models often taken as judges, at the official service. */
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

/** The listed price of a model, dated versions such as `gpt-4o-2024-08-06` included; null for one that is not listed. */
export function listedPrice(model: string): Price | null {
  const name = model.replace(/-\d{4}-\d{2}-\d{2}$/, '');
  return Object.hasOwn(prices, name) ? (prices[name] ?? null) : null;
}

/** What tokens cost, in dollars; null where the price is not known, unless there are none. */
export function costOf(
  tokens: { readonly inputTokens: number; readonly outputTokens: number },
  price: Price | null,
): number | null {
  if (tokens.inputTokens === 0 && tokens.outputTokens === 0) return 0;
  return price === null
    ? null
    : (tokens.inputTokens * price.input + tokens.outputTokens * price.output) / 1e6;
}
