import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { packageFolder } from '../../../../../server/package-folder.js';
import { openExactJudge } from '../../../../../server/scoring/judges/kinds/exact/exact-judge.js';
import { readGrammar } from '../../../../../server/scoring/judges/kinds/exact/read-grammar.js';

const grammar = join(packageFolder, 'samples', 'benchmark-sight', 'grammar.json');
const sentences = z
  .record(z.string(), z.array(z.tuple([z.string(), z.array(z.record(z.string(), z.string()))])))
  .parse(JSON.parse(readFileSync(join(packageFolder, 'test', 'golden', 'sight', 'sentences.json'), 'utf8')));

test.each(Object.entries(sentences))(
  'every sentence that duet-sight says in %s is read back to its meaning',
  async (language, each) => {
    const { read } = await readGrammar(grammar);
    expect(each.length).toBeGreaterThan(300);
    const misread = each.flatMap(([text, facts]) => {
      const meaning = read(text);
      const found = meaning.facts.map((fact) => sorted(Object.fromEntries(fact)));
      const expected = facts.map((fact) => sorted({ ...fact, language }));
      const same = meaning.unread === 0 && JSON.stringify(found) === JSON.stringify(expected);
      return same ? [] : [{ text, found, expected }];
    });
    expect(misread).toEqual([]);
  },
);

describe('ratings of what duet-sight says', async () => {
  const judge = await openExactJudge(grammar, 'exact');
  const gold = 'Two people and a dog come in from the left.';
  test.each([
    ['the same', gold, 5],
    ['the same in another order', 'A dog and two people come in from the left.', 5],
    ['another number', 'Three people and a dog come in from the left.', 4],
    ['another side', 'Two people and a dog come in from the right.', 4],
    ['only one of both', 'Two people come in from the left.', 3],
    ['another event', 'Two people and a dog leave to the left.', 3],
    ['another language', 'Deux personnes et un chien entrent par la gauche.', 3],
    ['something else', 'A cat comes in from the left.', 1],
  ])('%s', async (_, prediction, rating) => {
    const question = 'What is happening?';
    expect(await judge.rate({ question, gold, prediction }, 'agreement')).toBe(String(rating));
  });

  test('a wrong number is a notable error where the number was asked for', async () => {
    const asked = { question: 'How many people are there?', gold: 'There are two people.' };
    expect(await judge.rate({ ...asked, prediction: 'There are three people.' }, 'agreement')).toBe('3');
    expect(await judge.rate({ ...asked, prediction: 'There are no people.' }, 'agreement')).toBe('2');
  });
});

function sorted(fact: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(fact).sort(([one], [other]) => (one < other ? -1 : 1));
}
