import { formatValue } from '../../format-value.js';
import type { Headline, Report } from '../../report.js';
import type { Interval } from '../../../statistics/bootstrap.js';
import { reportToLatex } from '../../to-latex.js';
import { html, nothing, type Markup } from '../markup.js';
import type { ReportPage } from '../report-page.js';
import { readableName } from './readable.js';

/** The figures a report is read for: with the interval, what to know before comparing, and a row to copy. */
export function summarySection({ report }: ReportPage): Markup {
  return html`<section id="summary" aria-label="Summary">
    <ul class="headline">
      ${report.headline.map((figure) => headlineCard(figure, report))}
    </ul>
    ${intervalLine(report)} ${notesList(report.notes)}
    <div class="latex">
      <span class="latex-name">LaTeX row</span>
      <code id="latex">${reportToLatex(report)}</code>
      <button type="button" class="button" data-copy="latex" hidden>Copy</button>
    </div>
  </section> `;
}

function headlineCard({ name, value, digits }: Headline, { interval, exampleMetric }: Report): Markup {
  const own = interval !== null && name === exampleMetric && isMean(interval, value);
  return html`<li class="card">
    <span class="card-name">${readableName(name)}</span>
    <strong class="card-value">${formatValue(value, digits)}</strong>
    ${own ? html`<span class="card-range">${range(interval, digits)}</span>` : nothing}
  </li>`;
}

/** Padding makes a headline differ from the mean over the examples, to which the interval belongs. */
function isMean(interval: Interval, value: number | null): boolean {
  return value !== null && Math.abs(interval.mean - value) < 1e-9;
}

function range({ level, low, high }: Interval, digits: number): string {
  return `${level * 100} % interval ${formatValue(low, digits)} to ${formatValue(high, digits)}`;
}

function intervalLine({ interval, exampleMetric, examples }: Report): Markup {
  if (interval === null) {
    return html`<p class="quiet">${examples.length} scored examples, without an interval of the mean.</p>`;
  }
  return html`<p class="quiet">
    ${readableName(exampleMetric)}, mean over ${interval.n} examples: ${formatValue(interval.mean, 4)},
    ${range(interval, 4)} by bootstrap with ${interval.resamples} resamples, seed ${interval.seed}.
  </p>`;
}

function notesList(notes: readonly string[]): Markup {
  if (notes.length === 0) return nothing;
  return html`<ul class="notes" aria-label="Notes">
    ${notes.map((note) => html`<li>${note}</li>`)}
  </ul>`;
}
