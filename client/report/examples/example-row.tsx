import { useState } from 'preact/hooks';
import type { PageExample } from '../../../server/scoring/report/html/page-data.js';
import { timeText } from '../figure-text.js';
import { Timeline } from '../timeline/timeline.js';
import { ExampleTurns } from './example-turns.js';

/** A row of the list; what it opens to is made when it is opened, and given up when it is closed. */
export function ExampleRow({ example }: { readonly example: PageExample }) {
  const [open, setOpen] = useState(false);
  return (
    <li data-id={example.id}>
      <details
        class="example"
        onToggle={({ currentTarget }) => {
          setOpen(currentTarget.open);
        }}
      >
        <Summary example={example} />
        <div class="example-body">
          {open && (
            <>
              <Tags example={example} />
              <Timeline example={example} />
              <ExampleTurns example={example} />
            </>
          )}
        </div>
      </details>
    </li>
  );
}

function Summary({
  example: { id, value, questions, duration, replies, gold },
}: {
  readonly example: PageExample;
}) {
  const stray = replies.filter(
    ([time]) => time !== null && !gold.some(([start, end]) => start <= time && time <= end),
  );
  const meta = [
    duration === null ? '' : timeText(duration),
    counted(gold.length, 'gold turn'),
    counted(replies.length, 'reply', 'replies'),
    // A full score may leave out most of what was said.
    gold.length > 0 && stray.length > 0 ? `${stray.length} of ${replies.length} out of span` : '',
  ];
  return (
    <summary>
      <span class="value">{value === null ? 'n/a' : value.toFixed(2)}</span>
      <span class="example-id" dir="auto">
        {id}
      </span>
      <span class="example-question" dir="auto">
        {questions[0]?.[1]}
      </span>
      <span class="example-meta">{meta.filter((part) => part !== '').join(' · ')}</span>
    </summary>
  );
}

function Tags({ example: { video, tags } }: { readonly example: PageExample }) {
  const facts = [['video', video] as const, ...Object.entries(tags)].filter(([, text]) => text !== '');
  return (
    <ul class="tags">
      {facts.map(([name, text]) => (
        <li key={name}>
          <span class="tag-name">{name}</span>
          <span dir="auto">{text}</span>
        </li>
      ))}
    </ul>
  );
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
