import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  Sentences,
  type EventKind,
  type Items,
  type Named,
} from '../../../server/runtime/detector/sentences.js';
import { nameOf } from '../../../server/runtime/tracker/things.js';
import { sentenceBook } from '../support/sentence-book.js';

/** Sentences of the words that the decoder was taught, with what they mean. */
const golden = z
  .record(
    z.string(),
    z.array(
      z.tuple([
        z.string(),
        z.array(
          z.object({
            kind: z.string(),
            thing: z.string().default(''),
            count: z.coerce.number().optional(),
            number: z.coerce.number().optional(),
            side: z.enum(['left', 'right']).optional(),
            place: z.enum(['left', 'middle', 'right']).optional(),
            answer: z.enum(['yes', 'no']).optional(),
          }),
        ),
      ]),
    ),
  )
  .parse(JSON.parse(readFileSync(new URL('../../golden/sight/sentences.json', import.meta.url), 'utf8')));

type Meaning = (typeof golden)[string][number][1][number];

const numbers = new Map<string, Named>(Array.from({ length: 80 }, (_, thing) => [nameOf(thing), thing]));

/** What a grounded model says of it; nothing of what it never says. */
function saidOf(language: Sentences, meanings: readonly Meaning[]): readonly string[] {
  const [{ kind, place, side, answer } = { kind: '' }] = meanings;
  const items: Items = meanings.map(({ thing, count, number }) => [
    numbers.get(thing) ?? thing,
    count ?? number ?? 0,
  ]);
  const [[named, count] = [0, 0]] = items;
  const texts: Partial<Record<string, () => readonly string[]>> = {
    enter: () => [language.event(kind as EventKind, items, side ?? '')],
    leave: () => [language.event(kind as EventKind, items, side ?? '')],
    appear: () => [language.event(kind as EventKind, items, place ?? '')],
    vanish: () => [language.event(kind as EventKind, items, '')],
    there: () => [language.there(items)],
    none: () => [language.none(named)],
    empty: () => [language.at([], place ?? 'left')],
    at: () => [
      language.at(items, place ?? 'left'),
      ...(items.length === 1 ? [language.where(named, count, place ?? 'left')] : []),
    ],
  };
  const said = texts[kind]?.();
  if (said === undefined || items.some(([name]) => name === 'thing')) return [];
  if (answer === 'yes') return said.map((text) => language.yes(text));
  const denied = said.map((text) => language.no(text));
  // In Chinese "no" is what is said without it.
  return answer === 'no' ? denied : [...said, ...denied];
}

describe.each(Object.entries(golden))('in %s', (name, sentences) => {
  const words = sentenceBook.languages[name];
  test('the sentences that are filled in are those which the decoder was taught', () => {
    if (words === undefined) throw new Error(`there are no sentences in ${name}`);
    const language = new Sentences(words);
    const checked = sentences.filter(([text, meanings]) => {
      const said = saidOf(language, meanings);
      if (said.length > 0) expect(said).toContain(text);
      return said.length > 0;
    });
    expect(checked.length).toBeGreaterThan(300);
  });
});
