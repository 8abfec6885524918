import type { PageExample } from '../../../server/scoring/report/html/page-data.js';
import { timeText } from '../figure-text.js';
import { make } from '../../common/element.js';

/** Something that was, or should have been, said. */
interface ListedTurn {
  readonly kind: 'question' | 'gold' | 'reply';
  /** Seconds; null where the system gave no time. */
  readonly time: number | null;
  readonly when: string;
  readonly text: string;
  readonly remarks: readonly string[];
}

const names = { question: 'Question', gold: 'Gold', reply: 'Reply' } as const;

/** Questions, gold turns and replies in the order of their times; what has no time comes last. */
export function turnList(example: PageExample): HTMLElement {
  const turns = [...questionsOf(example), ...goldOf(example), ...repliesOf(example)];
  turns.sort((one, other) => (one.time ?? Infinity) - (other.time ?? Infinity) || 0);
  if (turns.length === 0)
    return make('p', { class: 'quiet', text: 'Nothing was said, and nothing expected.' });
  return make('ol', { class: 'turns', children: turns.map(turnItem) });
}

function turnItem({ kind, when, text, remarks }: ListedTurn): HTMLLIElement {
  const remark =
    remarks.length === 0 ? [] : [make('span', { class: 'turn-remark', text: remarks.join(', ') })];
  return make('li', {
    class: `turn ${kind}`,
    children: [
      make('span', { class: 'turn-time', text: when }),
      make('span', { class: 'turn-kind', text: names[kind] }),
      make('span', { class: 'turn-text', text, attributes: { dir: 'auto' } }),
      ...remark,
    ],
  });
}

function questionsOf({ questions }: PageExample): ListedTurn[] {
  return questions.map(([time, text]) => ({
    kind: 'question',
    time,
    when: timeText(time),
    text,
    remarks: [],
  }));
}

function goldOf({ gold }: PageExample): ListedTurn[] {
  return gold.map(([start, end, text]) => ({
    kind: 'gold',
    time: start,
    when: `${timeText(start)} to ${timeText(end)}`,
    text,
    remarks: start > end ? ['ends before it starts: nothing can lie in it'] : [],
  }));
}

function repliesOf({ replies, texts, gold }: PageExample): ListedTurn[] {
  return replies.map(([time, text, rating, delivery]) => {
    const inside = time === null || gold.some(([start, end]) => start <= time && time <= end);
    const remarks = [
      rating === null ? 'not rated' : `rated ${String(Number(rating.toFixed(2)))}`,
      ...(inside ? [] : ['in no gold span']),
      ...(delivery === null ? [] : [`delivered at ${timeText(delivery)}`]),
    ];
    const when = time === null ? 'no time' : timeText(time);
    return { kind: 'reply', time, when, text: texts[text] ?? '', remarks };
  });
}
