import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { averagePrecision } from '../../../../server/scoring/benchmarks/highlights/average-precision.js';
import { clipScores } from '../../../../server/scoring/benchmarks/highlights/clip-scores.js';
import { readHighlightAnnotations } from '../../../../server/scoring/benchmarks/highlights/highlight-annotations.js';
import {
  scoreMoments,
  type LengthRange,
} from '../../../../server/scoring/benchmarks/highlights/moment-retrieval.js';
import {
  scoreHighlight,
  type WindowScores,
} from '../../../../server/scoring/benchmarks/highlights/score-highlight.js';
import {
  bestClip,
  highlightLevels,
  labelsOf,
  scoreQuery,
} from '../../../../server/scoring/benchmarks/highlights/score-query.js';
import { rankScores } from '../../../../server/scoring/statistics/ranking.js';
import { goldenPath, readGolden } from '../../support/golden.js';
import { collect, goldenSource } from '../../support/sources.js';

const compat = {
  mode: 'compat',
  protocol: 'offline',
  unknown: 'skip',
  missing: 'skip',
  window: null,
} as const;
const gold = await readHighlightAnnotations(goldenPath('highlight/gold.jsonl'), 'compat');
const brief = z.object({ brief: z.record(z.string(), z.number()) }).transform((results) => results.brief);

function expectBrief(ours: WindowScores | undefined, expected: Record<string, number>): void {
  expect(ours?.levels).toHaveLength(3);
  for (const { level, meanAveragePrecision, hitAt1 } of ours?.levels ?? []) {
    expect(Math.abs(meanAveragePrecision - (expected[`HL-min-${level}-mAP`] ?? Number.NaN))).toBeLessThan(
      0.01,
    );
    expect(Math.abs(hitAt1 - (expected[`HL-min-${level}-Hit1`] ?? Number.NaN))).toBeLessThan(0.01);
  }
}

describe('highlight detection on the golden run', () => {
  test('gives the figures of the evaluator for every smoothing window', async () => {
    const expected = readGolden(
      'highlight/expected.json',
      z.object({ sweep: z.array(z.object({ smooth_window_size: z.number(), results: brief })) }),
    );
    const result = await scoreHighlight(goldenSource('highlight/pred_current.jsonl'), gold, compat);
    expect(result.windows).toHaveLength(expected.sweep.length);
    for (const row of expected.sweep) expectBrief(result.windows[row.smooth_window_size], row.results);
    expect(result.counts).toMatchObject({
      nGold: 103,
      nPredictions: 101,
      nScored: 100,
      nUnknown: 1,
      nMissing: 3,
    });
  });

  test('gives the figures of the evaluator for text answers', async () => {
    const expected = readGolden(
      'highlight/offline_expected.json',
      z.object({ n_parsed: z.number(), results: brief }),
    );
    const result = await scoreHighlight(goldenSource('highlight/offline_pred.jsonl'), gold, compat);
    expectBrief(result.windows[0], expected.results);
    expect(result.counts.nScored).toBe(expected.n_parsed);
  });

  const level = z.object({ ap: z.array(z.number()), hit: z.number() });
  const perExample = readGolden(
    'highlight/expected_per_example.json',
    z.record(
      z.string(),
      z.record(
        z.string(),
        z.object({
          clip_scores_head: z.array(z.number()),
          n_clip_scores: z.number(),
          argmax: z.number(),
          Fair: level,
          Good: level,
          VeryGood: level,
        }),
      ),
    ),
  );

  test.each(['highlight/pred_current.jsonl', 'highlight/pred_legacy_head20.jsonl'])(
    'gives the clips, hits and precisions of the evaluator for every query of %s',
    async (file) => {
      let compared = 0;
      for (const prediction of await collect(goldenSource(file).predictions)) {
        if (prediction.type !== 'online') throw new Error('the fixture is online');
        const annotation = gold.get(`number ${prediction.questionId}`);
        if (annotation === undefined) continue;
        for (const [window, byId] of Object.entries(perExample)) {
          const expected = byId[String(prediction.questionId)];
          const clips = clipScores(prediction.frames, Number(window), 'compat');
          expect(clips).toHaveLength(expected?.n_clip_scores ?? -1);
          expect(bestClip(clips)).toBe(expected?.argmax);
          for (const [index, score] of (expected?.clip_scores_head ?? []).entries()) {
            expect(clips[index]).toBeCloseTo(score, 9);
          }
          for (const [index, ours] of scoreQuery(clips, labelsOf(annotation, highlightLevels)).entries()) {
            const theirs = expected?.[highlightLevels[index]?.name ?? 'Fair'];
            expect(ours.hit).toBe(theirs?.hit);
            for (const [annotator, value] of (theirs?.ap ?? []).entries()) {
              expect(ours.averagePrecisions[annotator]).toBeCloseTo(value, 6);
              compared += 1;
            }
          }
        }
      }
      expect(compared).toBe((file.includes('legacy') ? 20 : 100) * 4 * 9);
    },
  );
});

const percentByThreshold = z.record(z.string(), z.number());
const moments = z.object({ 'MR-mAP': percentByThreshold, 'MR-R1': percentByThreshold });
const span = z.tuple([z.number(), z.number()]);
const units = readGolden(
  'highlight/units.json',
  z.object({
    get_ap: z.array(
      z.object({
        y_true: z.array(z.number()),
        y_score: z.array(z.number()),
        ap: z.number(),
      }),
    ),
    moment_retrieval: z.object({
      submission: z.array(
        z.object({
          qid: z.number(),
          pred_relevant_windows: z.array(z.tuple([z.number(), z.number(), z.number()])),
        }),
      ),
      ground_truth: z.array(z.object({ qid: z.number(), relevant_windows: z.array(span) })),
      expected: z.object({ full: moments, long: moments, middle: moments, short: moments }),
    }),
  }),
);

describe('average precision', () => {
  test.each(units.get_ap)('of the labels $y_true is $ap', (row) => {
    const labels = row.y_true.map((label) => label === 1);
    expect(averagePrecision(labels, rankScores(row.y_score))).toBeCloseTo(row.ap, 6);
  });
});

describe('moment retrieval', () => {
  const { submission, ground_truth: truth, expected } = units.moment_retrieval;
  const queries = truth.map(({ qid, relevant_windows }) => ({
    gold: relevant_windows,
    predicted: submission.find((query) => query.qid === qid)?.pred_relevant_windows ?? [],
  }));
  const ranges: LengthRange[] = ['full', 'long', 'middle', 'short'];

  test.each(ranges)('gives the figures of the evaluator over windows of length %s', (range) => {
    const ours = scoreMoments(queries, range);
    const theirs = expected[range];
    expect(Math.abs((ours?.meanAveragePrecision ?? 0) - (theirs['MR-mAP']['average'] ?? 0))).toBeLessThan(
      0.01,
    );
    for (const { threshold, value } of ours?.averagePrecision ?? []) {
      expect(Math.abs(value - (theirs['MR-mAP'][String(threshold)] ?? Number.NaN))).toBeLessThan(0.01);
    }
    for (const { threshold, value } of ours?.recallAt1 ?? []) {
      expect(Math.abs(value - (theirs['MR-R1'][String(threshold)] ?? Number.NaN))).toBeLessThan(0.01);
    }
  });
});
