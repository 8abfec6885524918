import type { PageExample } from '../../../server/scoring/report/html/page-data.js';
import { shortNumber, timeText } from '../figure-text.js';

/** Questions, gold turns and replies in the order of their times; what has no time comes last. */
export function ExampleTurns({ example }: { readonly example: PageExample }) {
  const turns = [...questionsOf(example), ...goldOf(example), ...repliesOf(example)].sort(
    (one, other) => (one.time ?? Infinity) - (other.time ?? Infinity) || 0,
  );
  if (turns.length === 0) return <p class="quiet">Nothing was said, and nothing expected.</p>;
  return (
    <ol class="turns">
      {turns.map(({ kind, when, text, remarks }, index) => (
        <li key={index} class={`turn ${kind}`}>
          <span class="turn-time">{when}</span>
          <span class="turn-kind">{names[kind]}</span>
          <span class="turn-text" dir="auto">
            {text}
          </span>
          {remarks.length > 0 && <span class="turn-remark">{remarks.join(', ')}</span>}
        </li>
      ))}
    </ol>
  );
}

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
      rating === null ? 'not rated' : `rated ${shortNumber(rating)}`,
      ...(inside ? [] : ['in no gold span']),
      ...(delivery === null ? [] : [`delivered at ${timeText(delivery)}`]),
    ];
    const when = time === null ? 'no time' : timeText(time);
    return { kind: 'reply', time, when, text: texts[text] ?? '', remarks };
  });
}
