import type { CompiledSlot } from './compile-slots.js';
import type { Fact } from './fact.js';
import { plainWords, slotAt, slotMark } from './plain-words.js';

/** What a brace of a pattern names: a slot that fills a field, or a list of facts. */
export type PatternPlace =
  | { readonly type: 'slot'; readonly slot: CompiledSlot; readonly field: string }
  | { readonly type: 'list'; readonly list: string };

/** A pattern ready for matching plain text: group k + 1 of `source`, a regular expression, belongs to `places[k]`. */
export interface CompiledPattern {
  readonly source: string;
  readonly places: readonly PatternPlace[];
}

/** What a pattern may name. */
export interface PatternNames {
  readonly articles: readonly string[];
  readonly slots: ReadonlyMap<string, CompiledSlot>;
  readonly lists: ReadonlySet<string>;
}

/** Compiles words with `{slot}`, `{slot as field}` and `{list}` among them. Throws for names nobody knows. */
export function compilePattern(
  pattern: string,
  { articles, slots, lists }: PatternNames,
  fault: (problem: string) => Error,
): CompiledPattern {
  const places: PatternPlace[] = [];
  const marked = pattern.replace(/\{([^{}]*)\}/g, (_, inner: string) => {
    const [name = '', field] = inner.split(/ as (?=[^ ]+$)/);
    const slot = slots.get(name);
    if (slot !== undefined) places.push({ type: 'slot', slot, field: field ?? slot.field });
    else if (lists.has(name)) places.push({ type: 'list', list: name });
    else throw fault(`names {${inner}}, which is no slot or list of its language`);
    return slotMark(places.length - 1);
  });
  const fields = fieldsOf(places);
  if (new Set(fields).size < fields.length) throw fault('fills a field twice; write {slot as field}');
  // Plain text is letters, digits and spaces: nothing in it is special in a regular expression.
  const source = plainWords(
    articles,
    'marks',
  )(marked).replace(slotAt, (mark) => groupOf(places[mark.charCodeAt(0) - slotMark(0).charCodeAt(0)]));
  return { source, places };
}

/** Fields that the slots among the places fill. */
export function fieldsOf(places: readonly PatternPlace[]): string[] {
  return places.flatMap((place) => (place.type === 'slot' ? [place.field] : []));
}

/** The fact of a match: what the pattern means, and what stood in its slots. */
export function factOf(
  places: readonly PatternPlace[],
  match: RegExpExecArray,
  meaning: Readonly<Record<string, string>>,
): Fact {
  const fact = new Map(Object.entries(meaning));
  for (const [index, place] of places.entries()) {
    const text = match[index + 1] ?? '';
    if (place.type === 'slot') fact.set(place.field, place.slot.values.get(text) ?? `other: ${text}`);
  }
  return fact;
}

function groupOf(place: PatternPlace | undefined): string {
  if (place === undefined || place.type === 'list' || place.slot.open) return '(.+)';
  // The longest form first: "cat" must not hide "caterpillar".
  const forms = [...place.slot.values.keys()].sort((a, b) => b.length - a.length);
  return `(${forms.join('|')})`;
}
