import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readingFault } from '../../../data/json/read-lines.js';
import type { SynonymTest } from './tier.js';

const partsOfSpeech = ['noun', 'verb', 'adj', 'adv'] as const;

type PartOfSpeech = (typeof partsOfSpeech)[number];

/** Suffixes WordNet takes off to find the base form of a word, by part of speech. */
const detachments: Readonly<Record<PartOfSpeech, readonly (readonly [string, string])[]>> = {
  noun: [
    ['s', ''],
    ['ses', 's'],
    ['xes', 'x'],
    ['zes', 'z'],
    ['ches', 'ch'],
    ['shes', 'sh'],
    ['men', 'man'],
    ['ies', 'y'],
  ],
  verb: [
    ['s', ''],
    ['ies', 'y'],
    ['es', 'e'],
    ['es', ''],
    ['ed', 'e'],
    ['ed', ''],
    ['ing', 'e'],
    ['ing', ''],
  ],
  adj: [
    ['er', ''],
    ['est', ''],
    ['er', 'e'],
    ['est', 'e'],
  ],
  adv: [],
};

/** Index lines by lemma, for each part of speech; taken apart only when a word is asked for. */
type Indexes = ReadonlyMap<PartOfSpeech, ReadonlyMap<string, string>>;

/**
 * Reads the `index.*` files of a WordNet 3 dictionary folder and tests whether two words, or base forms of
 * theirs, share a synset. The `*.exc` files of irregular forms are used where the folder has them. Throws
 * where an index is missing.
 */
export async function readWordNet(folder: string): Promise<SynonymTest> {
  const indexes = new Map<PartOfSpeech, ReadonlyMap<string, string>>();
  const irregular = new Map<string, string[]>();
  for (const part of partsOfSpeech) {
    indexes.set(part, indexLines(await readRequired(join(folder, `index.${part}`))));
    addExceptions(irregular, await readOptional(join(folder, `${part}.exc`)));
  }
  const known = new Map<string, ReadonlySet<string>>();
  const meanings = (word: string) => {
    const forms = () => formsOf(word, indexes, irregular);
    const found = known.get(word) ?? new Set(forms().flatMap((form) => synsetsOf(form, indexes)));
    // Captions share few words; a hostile file must not fill the memory.
    if (known.size < 100_000) known.set(word, found);
    return found;
  };
  return (first, second) => {
    const others = meanings(second);
    return others.size > 0 && [...meanings(first)].some((synset) => others.has(synset));
  };
}

/** The licence at the top of an index is indented. */
function indexLines(text: string): Map<string, string> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith(' '));
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(' ')), line]));
}

/** A line reads `lemma pos synsets pointers pointer... senses tagged offset...`. */
function synsetsOf(form: string, indexes: Indexes): string[] {
  return partsOfSpeech.flatMap((part) => {
    const fields = indexes.get(part)?.get(form)?.trim().split(' ') ?? [];
    const count = Number(fields[2] ?? 0);
    return count > 0 ? fields.slice(-count).map((offset) => `${part}:${offset}`) : [];
  });
}

function isLemma(word: string, indexes: Indexes): boolean {
  return partsOfSpeech.some((part) => indexes.get(part)?.has(word) === true);
}

function addExceptions(irregular: Map<string, string[]>, text: string): void {
  for (const line of text.split('\n')) {
    const [form = '', ...bases] = line.trim().split(' ');
    if (form !== '') irregular.set(form, [...(irregular.get(form) ?? []), ...bases]);
  }
}

/**
 * A word that stands in the dictionary itself keeps its ending, unless it is irregular or looks like a
 * comparative: METEOR 1.5 takes those endings off any word, so that "butter" has the meanings of "butt".
 */
function formsOf(
  word: string,
  indexes: Indexes,
  irregular: ReadonlyMap<string, readonly string[]>,
): string[] {
  const bases = irregular.get(word) ?? doubledConsonant(word);
  const detached = isLemma(word, indexes) ? detach(word, ['adj']) : detach(word, partsOfSpeech);
  return [word, ...bases, ...detached];
}

/** "chopped" and "chopping" are forms of "chop"; WordNet lists such forms as irregular. */
function doubledConsonant(word: string): string[] {
  const stem = /^(.*([bdgklmnprtvz]))\2(?:ed|ing)$/.exec(word)?.[1];
  return stem === undefined ? [] : [stem];
}

function detach(word: string, parts: readonly PartOfSpeech[]): string[] {
  return parts.flatMap((part) =>
    detachments[part].flatMap(([suffix, replacement]) =>
      word.endsWith(suffix) && word.length > suffix.length
        ? [word.slice(0, -suffix.length) + replacement]
        : [],
    ),
  );
}

async function readRequired(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (thrown) {
    throw readingFault(file, 1, thrown);
  }
}

async function readOptional(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}
