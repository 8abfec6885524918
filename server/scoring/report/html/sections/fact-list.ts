import { html, type Insertable, type Markup } from '../markup.js';

/** Names with what is said of them. */
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
