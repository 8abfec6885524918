import { compilePattern, factOf, type PatternNames } from './compile-pattern.js';
import type { Fact } from './fact.js';
import type { GrammarLanguage } from './grammar-schema.js';
import { plainWords } from './plain-words.js';

/** Facts of the items of a list; null for text that is no such list. */
export type ReadList = (text: string) => readonly Fact[] | null;

/** Compiles a list such as "a cat on the left, a ball in the middle and a dog on the right". */
export function listReader(
  rule: GrammarLanguage['lists'][string],
  names: PatternNames,
  fault: (problem: string) => Error,
): ReadList {
  const { source, places } = compilePattern(rule.item, names, fault);
  if (places.some((place) => place.type === 'list' || place.slot.open)) {
    throw fault('holds a list or an open slot, whose end nobody could tell within a list');
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
