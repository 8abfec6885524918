import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  corpusMeteor,
  meteor,
} from '../../../../server/scoring/benchmarks/dense-captioning/meteor/meteor-score.js';
import { normaliseWords } from '../../../../server/scoring/benchmarks/dense-captioning/meteor/normalise-words.js';
import { synonymTier } from '../../../../server/scoring/benchmarks/dense-captioning/meteor/tier.js';
import { readWordNet } from '../../../../server/scoring/benchmarks/dense-captioning/meteor/wordnet.js';
import { scoreCaptions } from '../../../../server/scoring/benchmarks/dense-captioning/score-captions.js';
import { readQaAnnotations } from '../../../../server/scoring/data/qa-annotations.js';
import { goldenPath, readGolden } from '../../support/golden.js';
import { goldenSource } from '../../support/sources.js';

/** The lines of WordNet 3.0 that the fixtures need, under its licence; or a whole dictionary. */
const folder = process.env['DUET_WORDNET'] ?? goldenPath('densecap/wordnet-excerpt');

describe('METEOR with the synonyms of WordNet 3.0', () => {
  test('equals METEOR 1.5 on every pair and on the corpus', async () => {
    const tier = synonymTier(await readWordNet(folder));
    const fixture = readGolden(
      'densecap/meteor.json',
      z.object({
        pairs: z.array(z.object({ ref: z.string(), hyp: z.string() })),
        modules_exact_stem_synonym: z.object({ segments: z.array(z.number()), final: z.number() }),
      }),
    );
    const pairs = fixture.pairs.map(({ ref, hyp }) => ({
      hypothesis: normaliseWords(hyp),
      reference: normaliseWords(ref),
    }));
    const expected = fixture.modules_exact_stem_synonym;
    for (const [index, pair] of pairs.entries()) {
      expect(meteor(pair, tier)).toBeCloseTo(expected.segments[index] ?? Number.NaN, 9);
    }
    expect(corpusMeteor(pairs, tier)).toBeCloseTo(expected.final, 9);
  });

  test.each([
    { pred: 'pred.jsonl', name: 'expected.json', format: 'seconds' },
    { pred: 'offline_timechat_pred.jsonl', name: 'offline_timechat_expected.json', format: 'seconds' },
    { pred: 'offline_vtimellm_pred.jsonl', name: 'offline_vtimellm_expected.json', format: 'percent' },
  ] as const)('gives METEOR and SODA_c of the reference for $pred', async ({ pred, name, format }) => {
    const expected = readGolden(
      `densecap/${name}`,
      z.object({
        dense_mean_x100: z.record(z.string(), z.number()),
        paragraph: z.object({ Para_METEOR: z.number() }),
      }),
    );
    const { metrics } = await scoreCaptions(
      goldenSource(`densecap/${pred}`, false),
      await readQaAnnotations(goldenPath('densecap/gold.json'), 'compat'),
      {
        mode: 'compat',
        unknown: 'fail',
        missing: 'skip',
        format,
        tier: synonymTier(await readWordNet(folder)),
      },
    );
    expect(metrics['METEOR']).toBeCloseTo(expected.dense_mean_x100['METEOR'] ?? Number.NaN, 9);
    expect(metrics['SODA_c']).toBeCloseTo(expected.dense_mean_x100['SODA_c_2'] ?? Number.NaN, 9);
    expect(metrics['Para_METEOR']).toBeCloseTo(expected.paragraph.Para_METEOR, 9);
  });
});
