import { readFileSync } from 'node:fs';
import {
  grammarSchema,
  type Grammar,
} from '../../../../../server/scoring/judges/kinds/exact/grammar-schema.js';
import type { Random } from '../../../../../server/scoring/statistics/random.js';

/** A sentence of a grammar, and the values its slots were filled with, by field. */
export interface WorldSentence {
  readonly text: string;
  readonly fields: Readonly<Record<string, string>>;
  /** Whether it has a list, which says more than its fields. */
  readonly listed: boolean;
}

/** Reads a grammar without judging by it. */
export function loadGrammar(file: string): Grammar {
  return grammarSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
}

/** Some entry of a list that is not empty. */
export function pick<Item>(random: Random, items: readonly Item[]): Item {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}

const braces = /\{([^{}]+?)(?: as ([^{}]+))?\}/g;

/**
 * Fills a pattern: `wanted` fixes fields, the rest is drawn, options too unless fields are wanted; every form
 * of a value is used, lists have 0 to 3 items.
 */
export function fillPattern(
  grammar: Grammar,
  index: number,
  random: Random,
  wanted: Readonly<Record<string, string>> = {},
): WorldSentence {
  const rule = grammar.patterns[index];
  const language = grammar.languages[rule?.language ?? ''];
  if (rule === undefined || language === undefined) throw new Error(`no pattern ${index}`);
  const fields: Record<string, string> = { ...rule.meaning };
  const listed = Object.keys(language.lists).some((list) => rule.pattern.includes(`{${list}}`));
  const fillSlot = (name: string, field: string): string => {
    const values = language.slots[name]?.values ?? {};
    const value = wanted[field] ?? pick(random, Object.keys(values));
    fields[field] = value;
    return pick(random, values[value] ?? []);
  };
  const fill = (pattern: string, role = ''): string =>
    chooseOptions(pattern, role).replace(braces, (_, name: string, as: string | undefined) => {
      const list = language.lists[name];
      if (list !== undefined) return fillList(list, fill, random);
      const phrase = language.phrases[name];
      if (phrase !== undefined) return fill(phrase, as === undefined ? '' : `${as} `);
      return fillSlot(name, role + (as ?? language.slots[name]?.field ?? ''));
    });
  const chooseOptions = (pattern: string, role: string): string =>
    pattern.replace(/\[([^\]]*)\]/g, (_, option: string) => {
      const [, name = '', as] = new RegExp(braces.source).exec(option) ?? [];
      const field = role + (as ?? language.slots[name]?.field ?? '');
      const isWanted = Object.keys(wanted).length === 0 ? random() < 0.5 : field in wanted;
      return isWanted ? option : '';
    });
  const text = fill(rule.pattern);
  return { text: text.charAt(0).toUpperCase() + text.slice(1), fields, listed };
}

function fillList(
  list: Grammar['languages'][string]['lists'][string],
  fill: (pattern: string) => string,
  random: Random,
): string {
  const items = Array.from({ length: Math.floor(random() * 4) }, () => fill(list.item));
  const [last = '', ...others] = items.reverse();
  if (items.length === 0) return list.empty[0] ?? '';
  return others.length === 0 ? last : `${others.join(', ')} ${list.joints[0] ?? ''} ${last}`;
}
