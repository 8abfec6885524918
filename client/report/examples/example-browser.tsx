import './examples.css';
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { PageExample } from '../../../server/scoring/report/html/page-data.js';
import { ExampleControls } from './example-controls.js';
import { answerQuery, everything, type ExampleQuery } from './example-query.js';
import { ExampleRow } from './example-row.js';

/** Rows that are added at a time; thousands at once would be slow to lay out. */
const batch = 50;

/** The list of examples, with its search, sort and filter controls. */
export function ExampleBrowser({ examples }: { readonly examples: readonly PageExample[] }) {
  const [query, setQuery] = useState(everything);
  const [limit, setLimit] = useState(batch);
  const found = useMemo(() => answerQuery(examples, query), [examples, query]);
  const shown = found.slice(0, limit);
  const list = useRef<HTMLOListElement>(null);
  useLayoutEffect(() => {
    // The keyboard goes on where the new rows begin.
    if (limit > batch) list.current?.children[limit - batch]?.querySelector('summary')?.focus();
  }, [limit]);
  const ask = (asked: ExampleQuery): void => {
    setQuery(asked);
    setLimit(batch);
  };
  return (
    <>
      <ExampleControls examples={examples} query={query} ask={ask} />
      <p class="quiet" id="example-count" role="status">
        {countText(shown.length, found.length, examples.length)}
      </p>
      <ol id="example-list" class="examples" ref={list}>
        {shown.map((example) => (
          <ExampleRow key={example.id} example={example} />
        ))}
      </ol>
      <button
        type="button"
        class="button"
        id="more-examples"
        hidden={shown.length === found.length}
        onClick={() => {
          setLimit(limit + batch);
        }}
      >
        Show more
      </button>
    </>
  );
}

function countText(shown: number, found: number, all: number): string {
  const of = found === all ? `${all} examples` : `${found} of ${all} examples match`;
  return shown < found ? `${of}, the first ${shown} are shown` : of;
}
