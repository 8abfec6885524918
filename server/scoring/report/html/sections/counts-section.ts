import snakecaseKeys from 'snakecase-keys';
import { html, nothing, type Markup } from '../markup.js';
import type { FailedExample, ReportPage } from '../report-page.js';
import { dataTable } from './data-table.js';
import { factList } from './fact-list.js';
import { readableName } from './names.js';
import { section } from './section.js';
import { showNumber } from './show-value.js';

/** Everything that was counted, and what could not be scored at all. */
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
