import { useMemo } from 'preact/hooks';
import type { PageExample } from '../../../server/scoring/report/html/page-data.js';
import { everything, labelOf, type ExampleQuery, type Order } from './example-query.js';

interface ExampleControlsProps {
  readonly examples: readonly PageExample[];
  readonly query: ExampleQuery;
  readonly ask: (query: ExampleQuery) => void;
}

/** The controls to search, sort and filter the list; each change updates it. */
export function ExampleControls({ examples, query, ask }: ExampleControlsProps) {
  const clear = (event: Event): void => {
    event.preventDefault();
    ask(everything);
  };
  return (
    <form
      class="controls"
      id="example-controls"
      onSubmit={(event) => {
        event.preventDefault();
      }}
      onReset={clear}
    >
      <Search
        text={query.text}
        search={(text) => {
          ask({ ...query, text });
        }}
      />
      <Choice
        label="Sort"
        options={orders}
        chosen={orders.findIndex(([order]) => order === query.order)}
        choose={(index) => {
          ask({ ...query, order: orders[index]?.[0] ?? 'file' });
        }}
      />
      <TagChoices examples={examples} query={query} ask={ask} />
      <button type="reset" class="button">
        Clear
      </button>
    </form>
  );
}

interface SearchProps {
  readonly text: string;
  readonly search: (text: string) => void;
}

function Search({ text, search }: SearchProps) {
  return (
    <label class="search">
      <span>Search</span>
      <input
        type="search"
        name="text"
        autocomplete="off"
        placeholder="id, video, question, answer, reply"
        value={text}
        onInput={({ currentTarget }) => {
          search(currentTarget.value);
        }}
      />
    </label>
  );
}

const orders: readonly (readonly [order: Order, text: string])[] = [
  ['file', 'As in the file'],
  ['low', 'Lowest value first'],
  ['high', 'Highest value first'],
  ['replies', 'Most replies first'],
  ['id', 'By id'],
];

/** The tag to go by, and the label the examples must carry. */
function TagChoices({ examples, query, ask }: ExampleControlsProps) {
  const names = useMemo(() => tagNames(examples), [examples]);
  const name = query.tag?.name ?? null;
  const labels = useMemo(() => (name === null ? [] : labelCounts(examples, name)), [examples, name]);
  return (
    <>
      {names.length > 0 && (
        <Choice
          label="Tag"
          options={[anyOne, ...names.map((one) => [one, one] as const)]}
          chosen={name === null ? 0 : names.indexOf(name) + 1}
          choose={(index) => {
            const chosen = names[index - 1];
            ask({ ...query, tag: chosen === undefined ? null : { name: chosen, label: null } });
          }}
        />
      )}
      {name !== null && (
        <Choice
          label="Label"
          options={[
            anyOne,
            ...labels.map(([label, count]) => [label, `${label || '(none)'} (${count})`] as const),
          ]}
          chosen={labels.findIndex(([label]) => label === query.tag?.label) + 1}
          choose={(index) => {
            ask({ ...query, tag: { name, label: labels[index - 1]?.[0] ?? null } });
          }}
        />
      )}
    </>
  );
}

const anyOne = ['', 'Any'] as const;

interface ChoiceProps {
  readonly label: string;
  readonly options: readonly (readonly [value: string, text: string])[];
  /** Index of the option. */
  readonly chosen: number;
  readonly choose: (index: number) => void;
}

function Choice({ label, options, chosen, choose }: ChoiceProps) {
  return (
    <label>
      <span>{label}</span>
      <select
        onChange={({ currentTarget }) => {
          choose(currentTarget.selectedIndex);
        }}
      >
        {options.map(([value, text], index) => (
          <option key={text} value={value} selected={index === chosen}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The names of all tags. */
function tagNames(examples: readonly PageExample[]): readonly string[] {
  return [...new Set(examples.flatMap(({ tags }) => Object.keys(tags)))].sort();
}

/** Labels offered of a tag; a tag that names every example anew is better searched. */
const mostLabels = 200;

/** The labels of a tag with how many examples carry each, the most frequent first. */
function labelCounts(
  examples: readonly PageExample[],
  tag: string,
): readonly (readonly [label: string, count: number])[] {
  const counts = new Map<string, number>();
  for (const example of examples) {
    const label = labelOf(example, tag);
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  return [...counts].sort(([, one], [, other]) => other - one).slice(0, mostLabels);
}
