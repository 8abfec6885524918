import type { PageExample } from '../../../server/scoring/report/html/page-data.js';
import { make } from '../../common/element.js';
import { mountTimeline } from '../timeline/mount-timeline.js';
import { timeText } from '../figure-text.js';
import { turnList } from './turn-list.js';

/** A row of the list; what it opens to is made when it is opened, and given up when it is closed. */
export function exampleRow(example: PageExample): HTMLLIElement {
  const body = make('div', { class: 'example-body' });
  const details = make('details', { class: 'example', children: [summaryOf(example), body] });
  details.addEventListener('toggle', () => {
    body.replaceChildren();
    if (details.open) openBody(body, example);
  });
  return make('li', { attributes: { 'data-id': example.id }, children: [details] });
}

function openBody(body: HTMLElement, example: PageExample): void {
  const timeline = make('div', { class: 'timeline' });
  body.append(tagLine(example), timeline, turnList(example));
  mountTimeline(timeline, example);
}

function summaryOf({ id, value, questions, duration, replies, gold }: PageExample): HTMLElement {
  const [question] = questions;
  const length = duration === null ? [] : [timeText(duration)];
  const stray = replies.filter(
    ([time]) => time !== null && !gold.some(([start, end]) => start <= time && time <= end),
  );
  const meta = [
    ...length,
    counted(gold.length, 'gold turn'),
    counted(replies.length, 'reply', 'replies'),
    // A full score may leave out most of what was said.
    ...(gold.length > 0 && stray.length > 0 ? [`${stray.length} of ${replies.length} out of span`] : []),
  ];
  return make('summary', {
    children: [
      make('span', { class: 'value', text: value === null ? 'n/a' : value.toFixed(2) }),
      make('span', { class: 'example-id', text: id, attributes: { dir: 'auto' } }),
      make('span', { class: 'example-question', text: question?.[1] ?? '', attributes: { dir: 'auto' } }),
      make('span', { class: 'example-meta', text: meta.join(' · ') }),
    ],
  });
}

function tagLine({ video, tags }: PageExample): HTMLElement {
  const facts = [['video', video], ...Object.entries(tags)].filter(([, text]) => text !== '');
  const items = facts.map(([name = '', text = '']) =>
    make('li', {
      children: [
        make('span', { class: 'tag-name', text: name }),
        make('span', { text, attributes: { dir: 'auto' } }),
      ],
    }),
  );
  return make('ul', { class: 'tags', children: items });
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
