/** Arithmetic mean; NaN for no values, which a report shows as null. */
export function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

/** Sum of the values, first to last. */
export function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** The value, or null for NaN and infinities, which never reach a report. */
export function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
