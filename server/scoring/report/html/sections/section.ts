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
