import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  corpusMeteor,
  meteor,
} from '../../../../server/scoring/benchmarks/dense-captioning/meteor/meteor-score.js';
import {
  meteorStatistics,
  total,
} from '../../../../server/scoring/benchmarks/dense-captioning/meteor/meteor-statistics.js';
import { normaliseWords } from '../../../../server/scoring/benchmarks/dense-captioning/meteor/normalise-words.js';
import { porterStem } from '../../../../server/scoring/benchmarks/dense-captioning/meteor/porter-stem.js';
import {
  exactTier,
  stemTier,
  synonymTier,
} from '../../../../server/scoring/benchmarks/dense-captioning/meteor/tier.js';
import { readWordNet } from '../../../../server/scoring/benchmarks/dense-captioning/meteor/wordnet.js';
import { readGolden } from '../../support/golden.js';

const module = z.object({ segments: z.array(z.number()), final: z.number() });
const fixture = readGolden(
  'densecap/meteor.json',
  z.object({
    pairs: z.array(z.object({ ref: z.string(), hyp: z.string(), stats: z.array(z.number()) })),
    modules_exact: module,
    modules_exact_stem: module,
  }),
);
const pairs = fixture.pairs.map(({ ref, hyp }) => ({
  hypothesis: normaliseWords(hyp),
  reference: normaliseWords(ref),
}));

describe('METEOR', () => {
  test.each([
    { tier: exactTier, expected: fixture.modules_exact },
    { tier: stemTier, expected: fixture.modules_exact_stem },
  ])('of tier $tier.name equals METEOR 1.5 on every pair and on the corpus', ({ tier, expected }) => {
    expect(pairs).toHaveLength(207);
    for (const [index, pair] of pairs.entries()) {
      expect(meteor(pair, tier)).toBeCloseTo(expected.segments[index] ?? Number.NaN, 9);
    }
    expect(corpusMeteor(pairs, tier)).toBeCloseTo(expected.final, 9);
  });

  test('counts words, function words and their split as METEOR 1.5 does', () => {
    for (const [index, { stats }] of fixture.pairs.entries()) {
      const pair = pairs[index];
      if (pair === undefined) throw new Error('as many pairs as rows');
      const ours = meteorStatistics(pair.hypothesis, pair.reference, exactTier);
      expect([total(ours.hypothesis), total(ours.reference)]).toEqual(stats.slice(0, 2));
      expect([ours.hypothesis.function, ours.reference.function]).toEqual(stats.slice(2, 4));
    }
  });

  test('is 0 for no words and for no pairs', () => {
    expect(meteor({ hypothesis: [], reference: [] }, stemTier)).toBe(0);
    expect(corpusMeteor([], stemTier)).toBe(0);
  });

  test('never uses a word twice, whatever repeats', () => {
    const { matched } = meteorStatistics(['the'], ['the', 'the', 'the'], exactTier);
    expect(matched[0]?.reference.function).toBe(1);
  });
});

describe('the stemmer', () => {
  test.each([
    ['caresses', 'caress'],
    ['ponies', 'poni'],
    ['ties', 'tie'],
    ['chopped', 'chop'],
    ['hoping', 'hope'],
    ['hopping', 'hop'],
    ['agreed', 'agre'],
    ['nationally', 'nation'],
    ['generously', 'generous'],
    ['consistency', 'consist'],
    ['dying', 'die'],
    ['news', 'news'],
    ['gas', 'gas'],
    ['gaps', 'gap'],
    ['youth', 'youth'],
    ["chef's", 'chef'],
    ['rational', 'ration'],
    ['controlled', 'control'],
    ['inning', 'inning'],
  ])('takes %s to %s', (word, stem) => {
    expect(porterStem(word)).toBe(stem);
  });
});

describe('a WordNet folder', () => {
  const lines = {
    noun: '  1 licence\npan n 2 0 2 0 00000001 00000002  \nskillet n 1 0 1 0 00000001  \negg n 1 0 1 0 00000003  \n',
    verb: 'chop v 1 0 1 0 00000001  \nhack v 1 0 1 0 00000001  \n',
    adj: '',
    adv: '',
  };

  test('tells which words share a meaning, base forms included', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'wordnet-'));
    try {
      for (const [part, text] of Object.entries(lines)) await writeFile(join(folder, `index.${part}`), text);
      const shares = await readWordNet(folder);
      expect(shares('pan', 'skillet')).toBe(true);
      expect(shares('pans', 'skillets')).toBe(true);
      expect(shares('egg', 'eggs')).toBe(true);
      expect(shares('chopped', 'hacking')).toBe(true);
      expect(shares('pan', 'chop')).toBe(false);
      expect(shares('nothing', 'nothing')).toBe(false);
      const tier = synonymTier(shares);
      expect(tier.name).toBe('exact+stem+synonym');
      const pair = { hypothesis: ['pan', 'egg'], reference: ['skillet', 'egg'] };
      expect(meteor(pair, tier)).toBeGreaterThan(meteor(pair, stemTier));
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('is an error where an index is missing', async () => {
    await expect(readWordNet('/nowhere')).rejects.toThrow('index.noun: no such file');
  });
});
