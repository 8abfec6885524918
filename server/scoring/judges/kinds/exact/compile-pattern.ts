import type { GrammarLanguage } from './grammar-schema.js';
import type { Fact } from './meaning.js';
import { plainWords, type PlainWords } from './plain-words.js';

/**
 * Compiles words with `{slot}`, `{slot as field}`, `{phrase}`, `{phrase as role}`, `{list}` and `[optional
 * words]` among them. Throws for unknown names and unbalanced brackets.
 */
export function compilePattern(
  pattern: string,
  names: PatternNames,
  fault: (problem: string) => Error,
): CompiledPattern {
  const places: PatternPlace[] = [];
  const marked = withPhrases(pattern, names).replace(braces, (_, name: string, field: string | undefined) => {
    const slot = names.slots.get(name);
    if (slot !== undefined) places.push({ type: 'slot', slot, field: field ?? slot.field });
    else if (names.lists.has(name)) places.push({ type: 'list', list: name });
    else throw fault(`names {${name}}, which is not a slot, phrase or list of its language`);
    return mark(places.length - 1);
  });
  const fields = fieldsOf(places);
  if (new Set(fields).size < fields.length) throw fault('fills a field twice; write {slot as field}');
  if (!/^[^{}[\]]*(?:\[[^{}[\]]*\][^{}[\]]*)*$/.test(marked)) throw fault('has a bracket or brace too many');
  const optional = marked.replaceAll('[', openMark).replaceAll(']', closeMark);
  // Plain text is letters, digits and spaces: nothing in it is special in a regular expression.
  const source = plainWords(
    names.articles,
    'marks',
  )(optional).replace(marks, (each) => {
    if (each === openMark) return '(?:';
    return each === closeMark ? ')?' : groupOf(places[each.charCodeAt(0) - firstMark]);
  });
  return { source, places };
}

/** What a brace of a pattern names: a slot that fills a field, or a list of facts. */
type PatternPlace =
  | { readonly type: 'slot'; readonly slot: CompiledSlot; readonly field: string }
  | { readonly type: 'list'; readonly list: string };

/** A pattern for plain text: group k + 1 of `source`, a regular expression, belongs to `places[k]`. */
interface CompiledPattern {
  readonly source: string;
  readonly places: readonly PatternPlace[];
}

/** What a pattern may name. */
export interface PatternNames {
  readonly articles: readonly string[];
  readonly slots: ReadonlyMap<string, CompiledSlot>;
  readonly phrases: ReadonlyMap<string, string>;
  readonly lists: ReadonlySet<string>;
}

const braces = /\{([^{}]+?)(?: as ([^{}]+))?\}/g;

/** Private-use characters stand for brackets and slots while articles and punctuation are removed. */
const marks = /[\ue000-\uf8ff]/g;
const openMark = '\ue000';
const closeMark = '\ue001';
const firstMark = 0xe002;

function mark(position: number): string {
  return String.fromCharCode(firstMark + position);
}

/** Replaces phrases by their words; `{entity as other}` fills "other thing" instead of "thing". */
function withPhrases(pattern: string, { phrases, slots }: PatternNames): string {
  return pattern.replace(braces, (whole: string, name: string, role: string | undefined) => {
    const phrase = phrases.get(name);
    if (phrase === undefined || role === undefined) return phrase ?? whole;
    return phrase.replace(braces, (inner: string, slot: string, field: string | undefined) => {
      const own = field ?? slots.get(slot)?.field;
      return own === undefined ? inner : `{${slot} as ${role} ${own}}`;
    });
  });
}

/** The fields filled by slots. */
export function fieldsOf(places: readonly PatternPlace[]): string[] {
  return places.flatMap((place) => (place.type === 'slot' ? [place.field] : []));
}

/** The fact of a match: the pattern's meaning plus the values of its slots. */
export function factOf(
  places: readonly PatternPlace[],
  match: RegExpExecArray,
  meaning: Readonly<Record<string, string>>,
): Fact {
  const fact = new Map(Object.entries(meaning));
  for (const [index, place] of places.entries()) {
    const text = match[index + 1];
    if (place.type === 'slot' && text !== undefined)
      fact.set(place.field, place.slot.values.get(text) ?? `other: ${text}`);
  }
  return fact;
}

function groupOf(place: PatternPlace | undefined): string {
  if (place === undefined || place.type === 'list' || place.slot.open) return '(.+)';
  // The longest form first: "cat" must not hide "caterpillar".
  const forms = [...place.slot.values.keys()].sort((a, b) => b.length - a.length);
  return `(${forms.join('|')})`;
}

/**
 * The slots of a language by name. Throws for a form with two values, and for one that is empty without
 * articles.
 */
export function compileSlots(
  language: GrammarLanguage,
  path: readonly PropertyKey[],
  fault: GrammarFault,
): Map<string, CompiledSlot> {
  const plain = plainWords(language.articles);
  return new Map(
    Object.entries(language.slots).map(([name, { field, values, open }]) => {
      const at = [...path, 'slots', name, 'values'];
      return [name, { field, open, values: plainForms(Object.entries(values), plain, at, fault) }];
    }),
  );
}

function plainForms(
  values: readonly (readonly [string, readonly string[]])[],
  plain: PlainWords,
  path: readonly PropertyKey[],
  fault: GrammarFault,
): Map<string, string> {
  const byForm = new Map<string, string>();
  for (const [value, forms] of values) {
    for (const form of forms.map(plain)) {
      const other = byForm.get(form) ?? value;
      if (form === '') throw fault([...path, value], 'has a form of nothing but articles and marks');
      if (other !== value)
        throw fault([...path, value], `has the form "${form}", which stands for "${other}" too`);
      byForm.set(form, value);
    }
  }
  return byForm;
}

/** A slot with its values by their plain form. */
interface CompiledSlot {
  readonly field: string;
  readonly values: ReadonlyMap<string, string>;
  readonly open: boolean;
}

/** Creates the error for a fault at a place in the grammar. */
export type GrammarFault = (path: readonly PropertyKey[], problem: string) => Error;
