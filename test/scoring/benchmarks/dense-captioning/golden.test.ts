import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ioUMatrix, localise } from '../../../../server/scoring/benchmarks/dense-captioning/localisation.js';
import { stemTier } from '../../../../server/scoring/benchmarks/dense-captioning/meteor/tier.js';
import {
  goldCaptions,
  predictedCaptions,
} from '../../../../server/scoring/benchmarks/dense-captioning/captions.js';
import { scoreCaptions } from '../../../../server/scoring/benchmarks/dense-captioning/score-captions.js';
import {
  bestOrderedMatching,
  shuffleColumnsAsText,
  sodaC,
} from '../../../../server/scoring/benchmarks/dense-captioning/soda.js';
import { readQaAnnotations } from '../../../../server/scoring/data/qa-annotations.js';
import { goldenPath, readGolden } from '../../support/golden.js';
import { collect, goldenSource } from '../../support/sources.js';

const span = z.tuple([z.number(), z.number()]);
const expectedSchema = z.object({
  paragraph: z.object({ Para_CIDER: z.number(), Para_METEOR: z.number() }),
  dense_mean_x100: z.record(z.string(), z.number()),
  per_video: z.array(
    z.looseObject({
      key: z.string(),
      soda_detail: z
        .object({
          meteor_gold_by_pred_string_sorted: z.array(z.array(z.number())),
          pred_index_order: z.array(z.number()),
          f: z.number(),
        })
        .optional(),
    }),
  ),
  converted_predictions: z.record(z.string(), z.array(z.object({ timestamp: span, caption: z.string() }))),
  converted_gold: z.object({
    annotations: z.array(z.object({ image_id: z.string(), segments: z.array(span), pure_cap: z.string() })),
  }),
});
const gold = await readQaAnnotations(goldenPath('densecap/gold.json'), 'compat');
const runs = [
  { name: '', pred: 'pred.jsonl', format: 'seconds' },
  { name: 'offline_timechat_', pred: 'offline_timechat_pred.jsonl', format: 'seconds' },
  { name: 'offline_vtimellm_', pred: 'offline_vtimellm_pred.jsonl', format: 'percent' },
] as const;

describe.each(runs)('dense captioning on the golden $pred', ({ name, pred, format }) => {
  const expected = readGolden(`densecap/${name}expected.json`, expectedSchema);

  test('converts predictions and gold as the reference does', async () => {
    const predictions = await collect(goldenSource(`densecap/${pred}`, false).predictions);
    const converted = predictions.map((prediction) => [
      prediction.questionId,
      predictedCaptions(prediction, 0, format, 'compat').map(({ span: timestamp, text }) => ({
        timestamp,
        caption: text,
      })),
    ]);
    expect(Object.fromEntries(converted)).toEqual(expected.converted_predictions);
    for (const { image_id: id, segments, pure_cap: text } of expected.converted_gold.annotations) {
      const captions = goldCaptions(gold.get(id)?.answer ?? []);
      expect(captions.map((caption) => caption.span)).toEqual(segments);
      expect(captions.map((caption) => caption.text.slice(0, -1)).join('. ')).toBe(text);
    }
  });

  test('gives the figures of the reference, per video and on average', async () => {
    const result = await scoreCaptions(goldenSource(`densecap/${pred}`, false), gold, {
      mode: 'compat',
      unknown: 'fail',
      missing: 'skip',
      format,
      tier: stemTier,
    });
    const same = Object.keys(expected.dense_mean_x100).filter((metric) => !/METEOR|SODA/.test(metric));
    expect(same).toHaveLength(13);
    for (const metric of same) {
      expect(result.metrics[metric]).toBeCloseTo(expected.dense_mean_x100[metric] ?? Number.NaN, 6);
    }
    expect(result.metrics['Para_CIDER']).toBeCloseTo(expected.paragraph.Para_CIDER, 6);
    for (const video of expected.per_video) {
      const ours = result.videos.get(video.key);
      for (const metric of same) expect(ours?.[metric]).toBeCloseTo(Number(video[metric]), 9);
    }
    expect(result.counts.nScored).toBe(expected.per_video.length);
    // The fixture used a synonym dictionary besides; without it METEOR is a little lower.
    const meteor = result.metrics['METEOR'] ?? 0;
    expect(Math.abs(meteor - (expected.dense_mean_x100['METEOR'] ?? 0))).toBeLessThan(0.3);
    const paragraphs = result.metrics['Para_METEOR'] ?? 0;
    expect(Math.abs(paragraphs - expected.paragraph.Para_METEOR)).toBeLessThan(1);
  });

  test('gives SODA_c of the reference from its METEOR values', () => {
    let compared = 0;
    for (const { key, soda_detail: detail } of expected.per_video) {
      if (detail === undefined) continue;
      const captions = expected.converted_predictions[key] ?? [];
      const ioU = ioUMatrix(
        (gold.get(key)?.answer ?? []).map((turn) => turn.span),
        captions.map((caption) => caption.timestamp),
      );
      const columns = detail.meteor_gold_by_pred_string_sorted;
      expect(sodaC(ioU, columns, captions.length)).toBeCloseTo(detail.f, 9);
      const natural = columns.map((row) =>
        captions.map((_, index) => row[detail.pred_index_order.indexOf(index)] ?? Number.NaN),
      );
      expect(shuffleColumnsAsText(natural)).toEqual(columns);
      compared += 1;
    }
    expect(compared).toBeGreaterThan(30);
  });
});

const units = readGolden(
  'densecap/units.json',
  z.object({
    soda_dp: z.array(z.object({ matrix_gold_by_pred: z.array(z.array(z.number())), max_score: z.number() })),
    detection: z.array(
      z.object({
        pred: z.array(span),
        gold: z.array(span),
        precision: z.array(z.number()),
        recall: z.array(z.number()),
        iou_gold_by_pred: z.array(z.array(z.number())),
      }),
    ),
  }),
);

describe('the parts of dense captioning', () => {
  test('finds the best matching that keeps the order', () => {
    for (const row of units.soda_dp) {
      expect(bestOrderedMatching(row.matrix_gold_by_pred)).toBeCloseTo(row.max_score, 9);
    }
  });

  test('measures precision, recall and IoU of placement', () => {
    for (const row of units.detection) {
      const ioU = ioUMatrix(row.gold, row.pred);
      const { precision, recall } = localise(ioU, row.pred.length);
      for (const [index, value] of row.precision.entries()) expect(precision[index]).toBeCloseTo(value, 9);
      for (const [index, value] of row.recall.entries()) expect(recall[index]).toBeCloseTo(value, 9);
      for (const [index, line] of row.iou_gold_by_pred.entries()) {
        for (const [column, value] of line.entries()) expect(ioU[index]?.[column]).toBeCloseTo(value, 9);
      }
    }
  });
});

describe('dense captioning in strict mode', () => {
  test('lets the first caption begin with the question', () => {
    const turn = (content: string, time: number) =>
      ({ role: 'assistant', content, time, deliveryTime: null }) as const;
    const prediction = {
      type: 'online',
      questionId: 'q',
      line: 1,
      turns: [turn('a', 4), turn('a', 6), turn('b', 9)],
      videoDuration: 10,
      frames: [],
    } as const;
    expect(predictedCaptions(prediction, 1, 'seconds', 'strict')).toEqual([
      { span: [1, 6], text: 'a' },
      { span: [6, 9], text: 'b' },
    ]);
    expect(predictedCaptions(prediction, 1, 'seconds', 'compat')).toEqual([{ span: [6, 9], text: 'b' }]);
  });
});
