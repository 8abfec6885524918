import snakecaseKeys from 'snakecase-keys';
import type { Report } from '../../report.js';
import { html, nothing, type Markup } from '../markup.js';
import type { FailedExample, ReportPage } from '../report-page.js';
import { isPlain, readableName, showNumber, showValue } from './readable.js';
import { dataTable, factList, section } from './section.js';

/** Rows shown of a long table. */
const mostRows = 400;

/** All figures of the task: single ones in a list, rows in tables that open, oracle rows marked as such. */
export function valuesSection({ values, tables }: Report): Markup {
  return section('figures', 'All figures', valueList({ ...values, ...tables }));
}

type Fields = Readonly<Record<string, unknown>>;

/** Single values in a list, then the others as sections that open. */
function valueList(values: Fields): Markup {
  const entries = Object.entries(values);
  const single = entries.filter(([, value]) => isPlain(value));
  const nested = entries.filter(([, value]) => !isPlain(value));
  return html`${factList(single.map(([name, value]) => [readableName(name), showValue(value)]))}
  ${nested.map(([name, value]) => nestedValue(name, value))}`;
}

function nestedValue(name: string, value: unknown): Markup {
  return html`<details class="more">
    <summary>${readableName(name)}</summary>
    ${nestedBody(value)}
  </details>`;
}

function nestedBody(value: unknown): Markup {
  const records = recordsOf(value);
  if (records !== null) return recordTable(records);
  return isFields(value) ? valueList(value) : html`<p>${showValue(value)}</p>`;
}

/** The rows of a list of objects, or of an object of objects; null for anything else. */
function recordsOf(value: unknown): readonly Fields[] | null {
  if (Array.isArray(value)) return value.length > 0 && value.every(isFields) ? value : null;
  if (!isFields(value)) return null;
  const members = Object.entries(value);
  if (members.length === 0 || !members.every(([, member]) => isFields(member))) return null;
  return members.map(([name, member]) => ({ name, ...(isFields(member) ? member : {}) }));
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function recordTable(records: readonly Fields[]): Markup {
  const names = [...new Set(records.flatMap((record) => Object.keys(record)))].filter(
    (name) => name !== 'oracle',
  );
  const rows = records.slice(0, mostRows).map((record) => {
    const [first, ...others] = names.map((name) => showValue(record[name]));
    const mark = record['oracle'] === true ? html` <span class="tag oracle">oracle</span>` : '';
    return { cells: [[first ?? '', mark], ...others] };
  });
  const rest = records.length - rows.length;
  return html`${dataTable(names.map(readableName), rows)}
  ${rest > 0 ? html`<p class="quiet">${rest} more rows are in the JSON report.</p>` : ''}`;
}

/** All counts, and the examples that could not be scored. */
export function countsSection({ report, failures }: ReportPage): Markup {
  const counts = Object.entries(snakecaseKeys({ ...report.counts }));
  const facts = counts.map(
    ([name, count]) => [readableName(name), html`<span title="${name}">${showNumber(count)}</span>`] as const,
  );
  return section('counts', 'Counts', factList(facts), failureList(failures));
}

function failureList(failures: readonly FailedExample[]): Markup {
  if (failures.length === 0) return nothing;
  const rows = failures.map(({ id, reason }) => ({ cells: [id, reason] }));
  return html`<details class="more failures" open>
    <summary>${failures.length === 1 ? '1 example' : `${failures.length} examples`} without a result</summary>
    ${dataTable(['Example', 'Reason'], rows)}
  </details>`;
}
