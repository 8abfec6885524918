import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const names = z.record(z.string(), z.array(z.string()));
const { things, groups } = z
  .strictObject({ things: names, groups: names })
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, '../words.json'), 'utf8')));

/** Every class of COCO. */
export const allThings: readonly string[] = Object.keys(things);

/** A thing that a text names: the classes it may mean, and where its words begin and end. */
interface NamedThing {
  readonly classes: readonly string[];
  readonly start: number;
  readonly end: number;
}

/** The things that a text in lower case names, in order; of words within each other the longest count. */
export function namedThings(text: string): readonly NamedThing[] {
  return [...text.matchAll(anyName)].map((match) => ({
    classes: classesOf.get(match[0]) ?? [],
    start: match.index,
    end: match.index + match[0].length,
  }));
}

const classesOf = new Map(
  [
    ...Object.entries(things).flatMap(([thing, words]) =>
      [thing, ...words].map((word) => [word, [thing]] as const),
    ),
    ...Object.entries(groups),
  ].flatMap(([word, classes]) =>
    (word.endsWith('s') ? [word] : [word, `${word}s`]).map((form) => [form, classes] as const),
  ),
);

const longestFirst = [...classesOf.keys()].sort((one, other) => other.length - one.length);
const anyName = new RegExp(`(?<![a-z'-])(?:${longestFirst.join('|')})(?![a-z-])`, 'g');
