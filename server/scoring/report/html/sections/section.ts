import { html, type Insertable, type Markup } from '../markup.js';
import type { Chart } from '../page-data.js';

/** A part of the page, and what the script draws into its figures. */
export interface Section {
  readonly markup: Markup;
  readonly charts: readonly Chart[];
}

/** A part of the page with its heading. */
export function section(id: string, title: string, ...content: readonly Insertable[]): Markup {
  return html`<section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${content}
  </section> `;
}

/** A list of names and their values. */
export function factList(facts: readonly (readonly [name: string, fact: Insertable])[]): Markup {
  return html`<dl class="facts">
    ${facts.map(
      ([name, fact]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${fact}</dd>
        </div>`,
    )}
  </dl> `;
}

/** A row of a table; a marked row is highlighted. */
interface TableRow {
  readonly cells: readonly Insertable[];
  readonly marked?: boolean;
}

/** A table that scrolls sideways; the first cell of each row is its heading. */
export function dataTable(names: readonly string[], rows: readonly TableRow[]): Markup {
  return html`<div class="table" tabindex="0" role="region" aria-label="Table: ${names.join(', ')}">
    <table>
      <thead>
        <tr>
          ${names.map((name) => html`<th scope="col">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(dataRow)}
      </tbody>
    </table>
  </div> `;
}

function dataRow({ cells, marked }: TableRow): Markup {
  const [first = '', ...others] = cells;
  const content = html`<th scope="row">${first}</th>
    ${others.map((cell) => html`<td>${cell}</td>`)}`;
  return marked === true
    ? html`<tr class="marked">
        ${content}
      </tr>`
    : html`<tr>
        ${content}
      </tr>`;
}

/** A place for a chart: the script draws it; screen readers and print get the table. */
interface ChartFigure {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly table: Markup;
}

/** The figure in which the script draws the chart of this id. */
export function chartFigure({ id, title, about, table }: ChartFigure): Markup {
  return html`<figure class="chart">
    <figcaption><strong>${title}</strong> <span>${about}</span></figcaption>
    <div
      class="plot"
      data-chart="${id}"
      role="img"
      aria-label="${title}: ${about}. The figures are in the table below."
    ></div>
    <p class="readout" aria-hidden="true"></p>
    <details class="more">
      <summary>Figures</summary>
      ${table}
    </details>
  </figure> `;
}
