import type { PageExample } from '../../../server/scoring/report/html/page-data.js';
import { find, make } from '../../common/element.js';
import { labelOf, type ExampleQuery, type Order } from './example-query.js';

const orders: readonly Order[] = ['file', 'low', 'high', 'replies', 'id'];
/** Labels offered of a tag; a tag that names every example anew is better searched. */
const mostLabels = 200;

/** What the list is searched, sorted and filtered with. Calls back with every change. */
export function mountControls(examples: readonly PageExample[], ask: (query: ExampleQuery) => void): void {
  const form = find('example-controls', HTMLFormElement);
  if (form === null) return;
  const fields = fieldsOf(form);
  if (fields === null) return;
  const { text, order, tag, label } = fields;
  const names = [...new Set(examples.flatMap((example) => Object.keys(example.tags)))].sort();
  if (names.length > 0) offer(tag, [['', 'Any'], ...names.map((name) => [name, name] as const)]);
  const askAnew = (): void => {
    ask({ text: text.value, order: orderOf(order.value), tag: chosenTag(tag, label) });
  };
  tag.addEventListener('change', () => {
    offerLabels(label, examples, tag.value);
    askAnew();
  });
  for (const field of [text, order, label]) field.addEventListener('input', askAnew);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
  });
  form.addEventListener('reset', (event) => {
    // The browser resets the fields only after this event, which is too late to ask anew.
    event.preventDefault();
    text.value = '';
    for (const select of [order, tag]) select.selectedIndex = 0;
    offerLabels(label, examples, '');
    askAnew();
  });
}

interface Fields {
  readonly text: HTMLInputElement;
  readonly order: HTMLSelectElement;
  readonly tag: HTMLSelectElement;
  readonly label: HTMLSelectElement;
}

function fieldsOf(form: HTMLFormElement): Fields | null {
  const text = form.querySelector('input');
  const [order, tag, label] = form.querySelectorAll('select');
  if (text === null || order === undefined || tag === undefined || label === undefined) return null;
  return { text, order, tag, label };
}

function orderOf(value: string): Order {
  return orders.find((order) => order === value) ?? 'file';
}

function chosenTag(tag: HTMLSelectElement, label: HTMLSelectElement): ExampleQuery['tag'] {
  // The first choice is any label, an empty label included.
  return tag.value === '' || label.selectedIndex < 1 ? null : { name: tag.value, label: label.value };
}

function offerLabels(label: HTMLSelectElement, examples: readonly PageExample[], tag: string): void {
  const counts = new Map<string, number>();
  if (tag !== '') {
    for (const example of examples) {
      const own = labelOf(example, tag);
      counts.set(own, (counts.get(own) ?? 0) + 1);
    }
  }
  const frequent = [...counts].sort(([, one], [, other]) => other - one).slice(0, mostLabels);
  const options = frequent.map(([own, count]) => [own, `${own === '' ? '(none)' : own} (${count})`] as const);
  offer(label, [['', 'Any'], ...options]);
  label.closest('label')?.toggleAttribute('hidden', tag === '');
}

function offer(
  select: HTMLSelectElement,
  options: readonly (readonly [value: string, text: string])[],
): void {
  select.replaceChildren(...options.map(([value, text]) => make('option', { text, attributes: { value } })));
  select.closest('label')?.removeAttribute('hidden');
}
