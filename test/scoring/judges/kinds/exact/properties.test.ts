import { describe, expect, test } from 'vitest';
import { bestMatching } from '../../../../../server/scoring/judges/kinds/exact/best-matching.js';
import {
  bundledGrammar,
  openExactJudge,
} from '../../../../../server/scoring/judges/kinds/exact/exact-judge.js';
import type { Rubric } from '../../../../../server/scoring/judges/judge.js';
import { seededRandom } from '../../../../../server/scoring/statistics/random.js';
import { integer } from '../../../support/random-runs.js';
import { fillPattern, loadGrammar, pick } from './random-sentences.js';
import { richGrammar } from './rich-grammar.js';
import { temporaryFiles } from '../../../support/temporary-files.js';

async function worldOf(file: string) {
  const judge = await openExactJudge(file, 'exact');
  const grammar = loadGrammar(file);
  const rate = async (gold: string, prediction: string, rubric: Rubric = 'agreement') =>
    Number(await judge.rate({ question: '', gold, prediction }, rubric));
  const sentences = (seed: number, count: number) => {
    const random = seededRandom(seed);
    return Array.from({ length: count }, () =>
      fillPattern(grammar, integer(random, grammar.patterns.length), random),
    );
  };
  return { grammar, rate, sentences };
}

using files = temporaryFiles();
const worlds = [
  { world: 'of the bundled model', ...(await worldOf(bundledGrammar)) },
  {
    world: 'that is richer and speaks two languages',
    ...(await worldOf(files.write('rich.json', JSON.stringify(richGrammar)))),
  },
];

describe.each(worlds)('ratings of the exact judge in the world $world', ({ grammar, rate, sentences }) => {
  test('are the highest for the same sentence, in every pattern, whatever forms its slots have', async () => {
    const random = seededRandom(1);
    for (const index of grammar.patterns.keys()) {
      for (let round = 0; round < 20; round += 1) {
        const { text, fields, listed } = fillPattern(grammar, index, random);
        expect(await rate(text, text), text).toBe(5);
        expect(await rate(text, text, 'coverage'), text).toBe(3);
        if (listed) continue;
        const again = fillPattern(grammar, index, random, fields).text;
        expect(await rate(text, again), `${text} | ${again}`).toBe(5);
      }
    }
  });

  test('stay on the scale and are the same the other way round', async () => {
    const all = sentences(2, 60);
    for (const gold of all) {
      for (const { text } of all) {
        const rating = await rate(gold.text, text);
        expect([1, 2, 3, 4, 5]).toContain(rating);
        expect(await rate(text, gold.text)).toBe(rating);
        expect([1, 2, 3]).toContain(await rate(gold.text, text, 'coverage'));
      }
    }
  });

  test('are 5 for no two sentences that mean different things', async () => {
    const all = sentences(3, 150).filter(({ listed }) => !listed);
    for (const gold of all) {
      for (const other of all) {
        const same =
          JSON.stringify(Object.entries(gold.fields).sort()) ===
          JSON.stringify(Object.entries(other.fields).sort());
        expect((await rate(gold.text, other.text)) === 5, `${gold.text} | ${other.text}`).toBe(same);
      }
    }
  });

  test('never fall when one more field is right', async () => {
    const random = seededRandom(4);
    for (let round = 0; round < 400; round += 1) {
      const index = integer(random, grammar.patterns.length);
      const gold = fillPattern(grammar, index, random);
      const reply = fillPattern(grammar, index, random);
      const wrong = Object.keys(gold.fields).filter((field) => gold.fields[field] !== reply.fields[field]);
      if (wrong.length === 0 || gold.listed) continue;
      const field = pick(random, wrong);
      const mended = fillPattern(grammar, index, random, {
        ...reply.fields,
        [field]: gold.fields[field] ?? '',
      });
      for (const rubric of ['agreement', 'coverage'] as const) {
        const before = await rate(gold.text, reply.text, rubric);
        expect(await rate(gold.text, mended.text, rubric)).toBeGreaterThanOrEqual(before);
      }
    }
  });

  test('never rise by a sentence that adds something else, and never fall in coverage', async () => {
    const all = sentences(5, 40);
    for (const gold of all) {
      for (const { text } of all) {
        const both = `${gold.text} ${text}`;
        expect(await rate(gold.text, both)).toBeLessThanOrEqual(5);
        expect(await rate(gold.text, both, 'coverage')).toBe(3);
        expect(await rate(gold.text, `${text} ${gold.text}`)).toBe(await rate(gold.text, both));
      }
    }
  });

  test('do not depend on case, punctuation, articles and spaces', async () => {
    const random = seededRandom(6);
    const articles = Object.values(grammar.languages).flatMap((language) => language.articles);
    for (const { text } of sentences(7, 200)) {
      const words = text.split(' ').filter((word) => !articles.includes(word.toLowerCase()));
      const careless = words
        .map((word) => (random() < 0.3 ? word.toUpperCase() : word))
        .join(random() < 0.5 ? '  ' : ' ');
      expect(await rate(text, careless.replace(/[.,]/g, '')), careless).toBe(5);
    }
  });
});

describe('the best matching', () => {
  function tryAll(matrix: readonly (readonly number[])[], row = 0, used: readonly number[] = []): number {
    const entries = matrix[row];
    if (entries === undefined) return 0;
    const without = tryAll(matrix, row + 1, used);
    const options = entries.map((value, column) =>
      used.includes(column) ? 0 : value + tryAll(matrix, row + 1, [...used, column]),
    );
    return Math.max(without, ...options);
  }

  test('is the best of all, rows and columns of any number', () => {
    const random = seededRandom(11);
    for (let round = 0; round < 500; round += 1) {
      const columns = integer(random, 6);
      const matrix = Array.from({ length: integer(random, 6) }, () =>
        Array.from({ length: columns }, () => (random() < 0.3 ? 0 : integer(random, 12))),
      );
      expect(bestMatching(matrix)).toBe(tryAll(matrix));
    }
  });
});
