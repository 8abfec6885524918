import type { PageExample } from '../../../server/scoring/report/html/page-data.js';

/** A search, filter and order of the list. */
export interface ExampleQuery {
  /** Words that must all occur, in whatever case. */
  readonly text: string;
  readonly order: Order;
  /** Name of a tag, and the label the examples must carry; null for any. */
  readonly tag: { readonly name: string; readonly label: string | null } | null;
}

/** The query for all examples in their original order. */
export const everything: ExampleQuery = { text: '', order: 'file', tag: null };

/** The examples that answer the query, in its order; those without a value come last. */
export function answerQuery(
  examples: readonly PageExample[],
  { text, order, tag }: ExampleQuery,
): readonly PageExample[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const found = examples.filter((example) => {
    if (tag !== null && tag.label !== null && labelOf(example, tag.name) !== tag.label) return false;
    return words.length === 0 || holdsAll(searchedText(example), words);
  });
  return order === 'file' ? found : found.toSorted(comparisons[order]);
}

/** The label of a tag; empty for an example that does not carry it. */
export function labelOf({ tags }: PageExample, name: string): string {
  return Object.hasOwn(tags, name) ? (tags[name] ?? '') : '';
}

type Comparison = (one: PageExample, other: PageExample) => number;

const comparisons: Readonly<Record<Exclude<Order, 'file'>, Comparison>> = {
  low: (one, other) => (one.value ?? Infinity) - (other.value ?? Infinity) || 0,
  high: (one, other) => (other.value ?? -Infinity) - (one.value ?? -Infinity) || 0,
  replies: (one, other) => other.replies.length - one.replies.length,
  id: (one, other) => one.id.localeCompare(other.id, 'en', { numeric: true }),
};

function holdsAll(text: string, words: readonly string[]): boolean {
  return words.every((word) => text.includes(word));
}

const texts = new WeakMap<PageExample, string>();

/** Everything that is said of an example, in small letters; put together once. */
function searchedText(example: PageExample): string {
  const known = texts.get(example);
  if (known !== undefined) return known;
  const { id, video, questions, gold, texts: replies, tags } = example;
  const parts = [
    id,
    video,
    ...questions.map(([, content]) => content),
    ...gold.map(([, , content]) => content),
    ...replies,
    ...Object.values(tags),
  ];
  const text = parts.join('\n').toLowerCase();
  texts.set(example, text);
  return text;
}

/** How the list is ordered. */
export type Order = 'file' | 'low' | 'high' | 'replies' | 'id';
