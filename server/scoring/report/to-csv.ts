import snakecaseKeys from 'snakecase-keys';
import type { Report } from './report.js';

/**
 * The report as CSV (RFC 4180): one row of headline figures at full precision and of counts, below a row of
 * names.
 */
export function reportToCsv(report: Report): string {
  const cellsOf = (figures: Report['headline']) =>
    figures.map(({ name, value }) => [name, value === null ? '' : String(value)] as const);
  const columns: (readonly [name: string, value: string])[] = [
    ['task', report.task],
    ['mode', report.mode],
    ['judge', report.judge?.id ?? ''],
    ...cellsOf(report.headline.filter(({ aside }) => aside !== true)),
    ['interval_low', String(report.interval?.low ?? '')],
    ['interval_high', String(report.interval?.high ?? '')],
    ...Object.entries(snakecaseKeys({ ...report.counts })).map(
      ([name, count]) => [name, String(count)] as const,
    ),
    // Last, so that the columns before keep their places.
    ...cellsOf(report.headline.filter(({ aside }) => aside === true)),
  ];
  const line = (cells: readonly string[]) => cells.map(quote).join(',');
  return `${line(columns.map(([name]) => name))}\r\n${line(columns.map(([, value]) => value))}`;
}

function quote(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
