import { formatValue } from '../../../server/scoring/report/format-value.js';
import type { Range } from '../figures.js';

/** A figure with a fixed number of decimals; a dash if there is none. */
export function show(value: number | null | undefined, digits = 2): string {
  return value === null || value === undefined ? '-' : formatValue(value, digits);
}

/** A share as a percentage. */
export function percent(value: number | null | undefined): string {
  return value === null || value === undefined ? '-' : `${formatValue(100 * value, 0)} %`;
}

/** A mean with its interval. */
export function withRange(
  value: number | null | undefined,
  range: Range | null | undefined,
  digits = 2,
): string {
  if (value === null || value === undefined || !range) return show(value, digits);
  return `${show(value, digits)} (${show(range.low, digits)} to ${show(range.high, digits)})`;
}

/** A Markdown table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
}
