import { formatValue } from './format-value.js';
import type { Report } from './report.js';

/**
 * The headline figures as one row of a LaTeX table, such as `2.03 & 4.25/2.52 \\`; turns share a cell as
 * published.
 */
export function reportToLatex(report: Report): string {
  const cells: string[] = [];
  for (const { name, value, digits } of report.headline.filter(({ aside }) => aside !== true)) {
    const cell = formatValue(value, digits);
    const shared = name === 'turns_dedup' ? cells.pop() : undefined;
    cells.push(shared === undefined ? cell : `${shared}/${cell}`);
  }
  return `${cells.join(' & ')} \\\\`;
}
