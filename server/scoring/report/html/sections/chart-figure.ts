import { html, type Markup } from '../markup.js';

/** A place for a chart: the script draws it, screen readers and paper have the table. */
export interface ChartFigure {
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
