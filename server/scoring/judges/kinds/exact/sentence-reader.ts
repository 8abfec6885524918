import {
  compilePattern,
  compileSlots,
  factOf,
  fieldsOf,
  type GrammarFault,
  type PatternNames,
} from './compile-pattern.js';
import type { Grammar, GrammarLanguage } from './grammar-schema.js';
import type { Fact } from './meaning.js';
import { plainWords } from './plain-words.js';

/** Compiles one language. Throws, naming the place, for inconsistencies. */
export function sentenceReader(grammar: Grammar, name: string, fault: GrammarFault): ReadSentence {
  const language = grammar.languages[name];
  if (language === undefined) throw fault(['languages'], `does not have "${name}"`);
  const path = ['languages', name];
  const lists = Object.entries(language.lists);
  const names: PatternNames = {
    articles: language.articles,
    slots: compileSlots(language, path, fault),
    phrases: new Map(Object.entries(language.phrases)),
    lists: new Set(lists.map(([list]) => list)),
  };
  const readers = new Map(
    lists.map(([list, rule]): [string, ReadList] => {
      const at = [...path, 'lists', list, 'item'];
      requireFields(grammar, rule.meaning, at, fault);
      return [list, listReader(rule, names, (problem) => fault(at, problem))];
    }),
  );
  const patterns = grammar.patterns.flatMap((pattern, index) =>
    pattern.language === name ? [patternReader(grammar, index, names, readers, fault)] : [],
  );
  return besideFillers(language, (words) => {
    for (const read of patterns) {
      const facts = read(words);
      if (facts !== null) return facts;
    }
    return null;
  });
}

/** The facts of one sentence, empty for fillers only; null if the sentence is not in the language. */
export type ReadSentence = (sentence: string) => readonly Fact[] | null;

/** Reads plain words without regard to fillers. */
type ReadWords = (words: string) => readonly Fact[] | null;

/** Longest sentence of a rendered world, in characters; bounds the time of matching. */
const longestSentence = 2000;

function patternReader(
  grammar: Grammar,
  index: number,
  names: PatternNames,
  lists: ReadonlyMap<string, ReadList>,
  fault: GrammarFault,
): ReadWords {
  const { pattern = '', meaning = {}, each = false } = grammar.patterns[index] ?? {};
  const at = ['patterns', index, 'pattern'];
  const { source, places } = compilePattern(pattern, names, (problem) => fault(at, problem));
  if (each && !places.some(({ type }) => type === 'list')) {
    throw fault(at, 'has no list, so that there is nothing that "each" could mean');
  }
  const filled = Object.fromEntries(fieldsOf(places).map((field) => [field, '']));
  requireFields(grammar, { ...meaning, ...filled }, at, fault);
  const whole = new RegExp(`^${source}$`, 'u');
  return (words) => {
    const match = whole.exec(words);
    if (match === null) return null;
    const own = factOf(places, match, meaning);
    const items: Fact[] = [];
    for (const [position, place] of places.entries()) {
      if (place.type === 'slot') continue;
      const listed = lists.get(place.list)?.(match[position + 1] ?? '') ?? null;
      if (listed === null) return null;
      items.push(...listed);
    }
    return each ? items.map((item) => new Map([...item, ...own])) : [own, ...items];
  };
}

/** Compiles a list such as "a cat on the left, a ball in the middle and a dog on the right". */
function listReader(
  rule: GrammarLanguage['lists'][string],
  names: PatternNames,
  fault: (problem: string) => Error,
): ReadList {
  const { source, places } = compilePattern(rule.item, names, fault);
  if (places.some((place) => place.type === 'list' || place.slot.open)) {
    throw fault('holds a list or an open slot, whose end cannot be found within a list');
  }
  const plain = plainWords(names.articles);
  const joints = rule.joints.map(plain).filter((joint) => joint !== '');
  const empty = new Set(rule.empty.map(plain));
  const item = new RegExp(`^${source} ?`, 'u');
  const jointAndItem = new RegExp(`^(?:${joints.join('|')}) ?${source} ?`, 'u');
  return (text) => {
    if (empty.has(text)) return [];
    const facts: Fact[] = [];
    for (let rest = text; rest !== '';) {
      const match = item.exec(rest) ?? (facts.length > 0 ? jointAndItem.exec(rest) : null);
      if (match === null || match[0] === '') return null;
      facts.push(factOf(places, match, rule.meaning));
      rest = rest.slice(match[0].length);
    }
    return facts;
  };
}

/** Facts of the items of a list; null if the text is not such a list. */
type ReadList = (text: string) => readonly Fact[] | null;

function requireFields(
  grammar: Grammar,
  meaning: Readonly<Record<string, string>>,
  path: readonly PropertyKey[],
  fault: GrammarFault,
): void {
  if (!Object.hasOwn(meaning, 'kind')) throw fault(path, 'needs a "kind" in its meaning');
  const unknown = Object.keys(meaning).find((field) => !Object.hasOwn(grammar.fields, field));
  if (unknown !== undefined) throw fault(path, `fills "${unknown}", which is not among the fields`);
}

/** Reads a sentence as it is or, failing that, without the fillers in front of it. */
function besideFillers({ articles, fillers }: GrammarLanguage, read: ReadWords): ReadSentence {
  const plain = plainWords(articles);
  const longestFirst = fillers.map(plain).sort((a, b) => b.length - a.length);
  return (sentence) => {
    if (sentence.length > longestSentence) return null;
    for (let words = plain(sentence); words !== '';) {
      const facts = read(words);
      if (facts !== null) return facts;
      const filler = longestFirst.find((each) => each !== '' && `${words} `.startsWith(`${each} `));
      if (filler === undefined) return null;
      words = words.slice(filler.length + 1);
    }
    return [];
  };
}
