import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readGroundingAnnotations } from '../../../../server/scoring/benchmarks/grounding/grounding-annotations.js';
import { highlightSpans } from '../../../../server/scoring/benchmarks/grounding/grounding-annotations.js';
import { longestRun } from '../../../../server/scoring/benchmarks/grounding/mask-iou.js';
import {
  scoreGrounding,
  type GroundingOptions,
} from '../../../../server/scoring/benchmarks/grounding/score-grounding.js';
import { spanIoU } from '../../../../server/scoring/benchmarks/grounding/span-iou.js';
import { normaliseTrack, sweepExample } from '../../../../server/scoring/benchmarks/grounding/sweep.js';
import { thresholdGrid } from '../../../../server/scoring/benchmarks/grounding/threshold-grid.js';
import { smoothCentred } from '../../../../server/scoring/statistics/smooth.js';
import { goldenPath, readGolden } from '../../support/golden.js';
import { collect, goldenSource } from '../../support/sources.js';

const scores = z.tuple([z.number(), z.number(), z.number(), z.number()]);
const expected = readGolden(
  'grounding/expected.json',
  z.object({
    thresholds: z.array(z.number()),
    sweep: z.array(z.object({ smooth_window_size: z.number(), threshold: z.number(), scores })),
    oracle_over_thresholds: z.array(z.object({ smooth_window_size: z.number(), scores })),
  }),
);
const perExample = readGolden(
  'grounding/expected_per_example_iou.json',
  z.object({ iou: z.record(z.string(), z.record(z.string(), z.array(z.number()))) }),
);
const compat: GroundingOptions = {
  mode: 'compat',
  protocol: 'offline',
  longestRun: false,
  unknown: 'fail',
  missing: 'skip',
  choice: null,
};
const gold = await readGroundingAnnotations(goldenPath('grounding/gold.json'), 'compat');

describe('temporal grounding on the golden run', () => {
  test('uses the thresholds of the reference at full precision', () => {
    expect(thresholdGrid).toEqual(expected.thresholds);
  });

  test('gives the 315 rows and the 15 oracle rows of the reference', async () => {
    const result = await scoreGrounding(goldenSource('grounding/pred_current.jsonl'), gold, compat);
    expect(result.rows).toHaveLength(expected.sweep.length);
    for (const [index, row] of expected.sweep.entries()) {
      const ours = result.rows[index];
      expect(ours?.window).toBe(row.smooth_window_size);
      expect(ours?.threshold).toBe(row.threshold);
      for (const [place, score] of row.scores.entries()) expect(ours?.scores[place]).toBeCloseTo(score, 6);
    }
    for (const [index, row] of expected.oracle_over_thresholds.entries()) {
      for (const [place, score] of row.scores.entries()) {
        expect(result.oracle[index]?.scores[place]).toBeCloseTo(score, 6);
      }
    }
  });

  test.each(['grounding/pred_current.jsonl', 'grounding/pred_legacy_head20.jsonl'])(
    'gives the IoU of the reference for every example of %s',
    async (file) => {
      let compared = 0;
      for (const prediction of await collect(goldenSource(file).predictions)) {
        if (prediction.type !== 'online') throw new Error('the fixture is online');
        const id = String(prediction.questionId);
        const { values } = sweepExample(prediction.frames, gold.get(id)?.spans ?? [], compat);
        for (const [window, byId] of Object.entries(perExample.iou)) {
          for (const [position, ioU] of (byId[id] ?? []).entries()) {
            expect(values[Number(window)]?.[position]).toBeCloseTo(ioU, 9);
            compared += 1;
          }
        }
      }
      expect(compared).toBe((file.includes('legacy') ? 20 : 100) * 4 * 21);
    },
  );

  test('scores text answers as the reference does', async () => {
    const offline = readGolden(
      'grounding/offline_expected.json',
      z.object({ iou_scores_of_parsed_only_in_order: z.array(z.number()), scores }),
    );
    const offlineGold = await readGroundingAnnotations(goldenPath('grounding/offline_gold.json'), 'compat');
    const result = await scoreGrounding(goldenSource('grounding/offline_pred.jsonl'), offlineGold, compat);
    const values = result.examples.map((example) => example.value);
    expect(values).toHaveLength(offline.iou_scores_of_parsed_only_in_order.length);
    for (const [index, value] of offline.iou_scores_of_parsed_only_in_order.entries()) {
      expect(values[index]).toBeCloseTo(value, 9);
    }
    for (const [place, score] of offline.scores.entries())
      expect(result.scores?.[place]).toBeCloseTo(score, 6);
    expect(result.counts.nUnparsable).toBe(21);
  });
});

const span = z.tuple([z.number(), z.number()]);
const units = readGolden(
  'grounding/expected_units.json',
  z.object({
    calculate_iou_span: z.array(z.object({ pred: span, gold: span, iou: z.number() })),
    keep_longest_true_span: z.array(
      z.object({ in: z.array(z.boolean()), out: z.tuple([z.array(z.boolean()), z.number()]) }),
    ),
    qvh_to_spans: z.array(
      z.object({
        answer: z.object({
          saliency_scores: z.array(z.array(z.number())),
          relevant_clip_ids: z.array(z.number()),
        }),
        timestamps: z.array(span),
      }),
    ),
    smooth: z.array(
      z.object({
        in: z.array(z.number()),
        window: z.number(),
        smoothed: z.array(z.number()),
        normalized: z.array(z.number().nullable()),
      }),
    ),
  }),
);

describe('the parts of grounding', () => {
  test.each(units.calculate_iou_span)('IoU of $pred with $gold is $iou', ({ pred, gold: other, iou }) => {
    expect(spanIoU(pred, other, 'compat')).toBeCloseTo(iou, 9);
  });

  test.each(units.keep_longest_true_span)('keeps the longest run of $in', ({ in: mask, out }) => {
    expect(longestRun(mask)).toEqual({ mask: out[0], length: out[1] });
  });

  test.each(units.qvh_to_spans)('converts highlight clips $answer.relevant_clip_ids', (row) => {
    const clips = {
      relevantClipIds: row.answer.relevant_clip_ids,
      saliencyScores: row.answer.saliency_scores,
    };
    expect(highlightSpans(clips, 'compat')).toEqual(row.timestamps);
  });

  test.each(units.smooth)('smooths and scales with window $window', (row) => {
    const smoothed = smoothCentred(row.in, row.window);
    const scaled = normaliseTrack(smoothed, 'compat').values;
    for (const [index, value] of row.smoothed.entries()) expect(smoothed[index]).toBeCloseTo(value, 9);
    for (const [index, value] of row.normalized.entries()) {
      if (value === null) expect(scaled[index]).toBeNaN();
      else expect(scaled[index]).toBeCloseTo(value, 9);
    }
  });
});
