import { html, type Insertable, type Markup } from '../markup.js';

/** A row of a table; a marked one stands out. */
export interface TableRow {
  readonly cells: readonly Insertable[];
  readonly marked?: boolean;
}

/** A table in a frame that scrolls sideways, the first cell of each row being its heading. */
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
