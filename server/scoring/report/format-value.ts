import { roundTo } from '../statistics/round.js';

/** A figure with a fixed number of decimals, halves to even; `n/a` for null and non-finite values. */
export function formatValue(value: number | null, digits: number): string {
  return value === null || !Number.isFinite(value) ? 'n/a' : roundTo(value, digits).toFixed(digits);
}
