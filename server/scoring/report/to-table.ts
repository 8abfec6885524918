import snakecaseKeys from 'snakecase-keys';
import { alignRows } from './align-rows.js';
import { formatValue } from './format-value.js';
import { judgingRows } from './judging-rows.js';
import type { Report, ReportRow } from './report.js';

/** The report as text for a terminal. */
export function reportToTable(report: Report): string {
  const { interval } = report;
  const sections = [
    [`${report.task} (${report.mode})`],
    alignRows(report.headline.map(({ name, value, digits }) => [name, formatValue(value, digits)])),
    alignRows(otherFigures(report).map(([name, value]) => [name, formatValue(value, 4)])),
    ...Object.entries(report.tables ?? {}).map(([name, rows]) => [`${name}:`, ...tableRows(rows)]),
    interval === null
      ? []
      : [
          `mean ${report.exampleMetric} over ${interval.n} examples: ${formatValue(interval.mean, 4)}, ` +
            `${interval.level * 100} % interval ${formatValue(interval.low, 4)} ` +
            `to ${formatValue(interval.high, 4)}`,
        ],
    ...Object.entries(report.slices).map(([tag, slices]) => [
      `by ${tag}:`,
      ...alignRows(slices.map(({ label, n, mean }) => [`  ${label}`, formatValue(mean, 4), `n ${n}`])),
    ]),
    alignRows(
      Object.entries(snakecaseKeys({ ...report.counts })).map(([name, count]) => [name, String(count)]),
    ),
    report.judge === null ? [] : [`judge ${report.judge.id}`, ...judgingRows(report.judging)],
    report.notes.map((note) => `note: ${note}`),
  ];
  const filled = sections.filter((section) => section.length > 0);
  return filled.map((section) => section.join('\n')).join('\n\n');
}

/** Plain figures beside the headline; those not measured are left out, as are whole tables. */
function otherFigures({ headline, values }: Report): [name: string, value: number][] {
  const shown = new Set(headline.map(({ name }) => name));
  return Object.entries(values).flatMap(([name, value]) =>
    typeof value === 'number' && !shown.has(name) ? [[name, value]] : [],
  );
}

/** A short table with column names; a column of whole numbers is printed without decimals. */
function tableRows(rows: readonly ReportRow[]): string[] {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cellsOf = (column: string): string[] => {
    const values = rows.map((row) => row[column] ?? null);
    const digits = values.every((value) => Number.isInteger(value)) ? 0 : 4;
    return values.map((value) => (typeof value === 'string' ? value : formatValue(value, digits)));
  };
  const cells = columns.map((column) => [column, ...cellsOf(column)]);
  return alignRows(['', ...rows].map((_, line) => cells.map((column) => column[line] ?? ''))).map(
    (line) => `  ${line}`,
  );
}
