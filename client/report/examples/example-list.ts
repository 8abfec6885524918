import type { PageExample } from '../../../server/scoring/report/html/page-data.js';
import { find } from '../../common/element.js';
import { mountControls } from './example-controls.js';
import { answerQuery } from './example-query.js';
import { exampleRow } from './example-row.js';

/** Rows that are added at a time; thousands at once would be slow to lay out. */
const batch = 50;

/** Fills the list of examples and keeps it to what is asked for. */
export function mountExamples(examples: readonly PageExample[]): void {
  const list = find('example-list', HTMLOListElement);
  const more = find('more-examples', HTMLButtonElement);
  if (list === null || more === null) return;
  let found = examples;
  const showMore = (): void => {
    const shown = list.children.length;
    list.append(...found.slice(shown, shown + batch).map(exampleRow));
    more.hidden = list.children.length >= found.length;
    say(list.children.length, found.length, examples.length);
  };
  mountControls(examples, (query) => {
    found = answerQuery(examples, query);
    list.replaceChildren();
    showMore();
  });
  more.addEventListener('click', () => {
    const first = list.children.length;
    showMore();
    list.children[first]?.querySelector('summary')?.focus();
  });
  showMore();
}

function say(shown: number, found: number, all: number): void {
  const count = find('example-count', HTMLParagraphElement);
  if (count === null) return;
  const of = found === all ? `${all} examples` : `${found} of ${all} examples match`;
  count.textContent = shown < found ? `${of}, the first ${shown} are shown` : of;
}
