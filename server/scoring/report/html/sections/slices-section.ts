import type { Report } from '../../report.js';
import type { Slice } from '../../../statistics/slices.js';
import { formatValue } from '../../format-value.js';
import { html, type Markup } from '../markup.js';
import { readableName } from './readable.js';
import { dataTable, section, type Section } from './section.js';

/** Means by annotation tags; null if none were requested. */
export function slicesSection({ slices, exampleMetric }: Report): Section | null {
  const tags = Object.entries(slices);
  if (tags.length === 0) return null;
  const tables = tags.map(
    ([tag, rows]) =>
      html`<div>
        <h3>By ${tag}</h3>
        ${sliceTable(tag, rows, exampleMetric)}
      </div>`,
  );
  return { markup: section('slices', 'Slices', html`<div class="slices">${tables}</div>`), charts: [] };
}

function sliceTable(tag: string, slices: readonly Slice[], metric: string): Markup {
  const most = Math.max(...slices.map(({ mean }) => mean));
  const rows = slices.map(({ label, n, mean }) => ({
    cells: [label, n, formatValue(mean, 4), bar(mean / most)],
  }));
  return dataTable([tag, 'Examples', `${readableName(metric)}, mean`, ''], rows);
}

function bar(share: number): Markup {
  const width = Number.isFinite(share) ? Math.max(0, Math.min(1, share)) * 100 : 0;
  return html`<svg
    class="bar"
    width="120"
    height="8"
    viewBox="0 0 100 8"
    preserveAspectRatio="none"
    aria-hidden="true"
  >
    <rect width="${width.toFixed(1)}" height="8" />
  </svg>`;
}
