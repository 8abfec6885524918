import { describe, expect, test } from 'vitest';
import { stemTier } from '../../server/scoring/benchmarks/dense-captioning/meteor/tier.js';
import { scoreCaptions } from '../../server/scoring/benchmarks/dense-captioning/score-captions.js';
import { scoreVideo } from '../../server/scoring/benchmarks/dense-captioning/score-video.js';
import { maskIoU } from '../../server/scoring/benchmarks/grounding/mask-iou.js';
import { scoreGrounding } from '../../server/scoring/benchmarks/grounding/score-grounding.js';
import { spanIoU } from '../../server/scoring/benchmarks/grounding/span-iou.js';
import { sweepExample } from '../../server/scoring/benchmarks/grounding/sweep.js';
import { averagePrecision } from '../../server/scoring/benchmarks/highlights/average-precision.js';
import { scoreMagqa } from '../../server/scoring/benchmarks/magqa/magqa-scorer.js';
import { defaultMagqaOptions } from '../../server/scoring/benchmarks/magqa/rules.js';
import { pauc } from '../../server/scoring/benchmarks/proactive/pauc.js';
import type { OnlinePrediction } from '../../server/scoring/data/prediction.js';
import { parsePrediction } from '../../server/scoring/data/read-predictions.js';
import { lexicalJudge } from '../../server/scoring/judges/kinds/lexical.js';
import type { Mode } from '../../server/scoring/mode.js';
import { seededRandom } from '../../server/scoring/statistics/random.js';
import { rankScores } from '../../server/scoring/statistics/ranking.js';
import { integer, randomGold, randomPredictions, randomSpan, sentence } from './support/random-runs.js';
import { sourceOf } from './support/sources.js';

const seeds = Array.from({ length: 25 }, (_, seed) => seed + 1);
const modes: Mode[] = ['compat', 'strict'];

function magqa(predictions: readonly OnlinePrediction[], seed: number, mode: Mode) {
  const gold = randomGold(seededRandom(seed), 12);
  const options = { ...defaultMagqaOptions, mode, numExamples: 12 };
  return scoreMagqa({ source: sourceOf(predictions), gold, judge: lexicalJudge, options });
}

describe.each(modes)('MAGQA in %s mode, over random runs', (mode) => {
  const predictionsOf = (seed: number) => randomPredictions(seededRandom(1000 + seed), 12);

  test('keeps every in-span score within 1 and 5', async () => {
    for (const seed of seeds) {
      const { inSpan, examples } = await magqa(predictionsOf(seed), seed, mode);
      for (const value of [inSpan, ...examples.map((example) => example.inSpan)]) {
        if (value === null) continue;
        expect(value).toBeGreaterThanOrEqual(1);
        expect(value).toBeLessThanOrEqual(5);
      }
    }
  });

  test('does not depend on the turns of the user', async () => {
    for (const seed of seeds) {
      const predictions = predictionsOf(seed);
      const without = predictions.map((prediction) => ({
        ...prediction,
        turns: prediction.turns.filter((turn) => turn.role === 'assistant'),
      }));
      expect(await magqa(without, seed, mode)).toEqual(await magqa(predictions, seed, mode));
    }
  });

  test('does not depend on the order of the lines', async () => {
    for (const seed of seeds) {
      const predictions = predictionsOf(seed);
      const forwards = await magqa(predictions, seed, mode);
      const backwards = await magqa(predictions.toReversed(), seed, mode);
      expect(backwards.inSpan).toBeCloseTo(forwards.inSpan ?? Number.NaN, 9);
      expect(backwards.turns).toBeCloseTo(forwards.turns ?? Number.NaN, 9);
      expect(backwards.counts).toEqual(forwards.counts);
    }
  });
});

describe('temporal grounding, over random tracks', () => {
  const tracks = seeds.map((seed) => {
    const [prediction] = randomPredictions(seededRandom(seed), 1);
    return { frames: prediction?.frames ?? [], spans: [randomSpan(seededRandom(seed + 500))] };
  });
  const rules = { protocol: 'offline', longestRun: false } as const;

  test.each(modes)(
    'keeps IoU within 0 and 1 in %s mode, and the oracle above every threshold',
    async (mode) => {
      for (const { frames, spans } of tracks) {
        for (const values of sweepExample(frames, spans, { ...rules, mode }).values) {
          for (const value of values) {
            expect(value).toBeGreaterThanOrEqual(0);
            expect(value).toBeLessThanOrEqual(1);
          }
        }
      }
      const gold = new Map(
        tracks.map(({ spans }, index) => [`q${index}`, { questionId: `q${index}`, spans, tags: {} }]),
      );
      const predictions = tracks.map(({ frames }, index): OnlinePrediction => ({
        type: 'online',
        questionId: `q${index}`,
        line: index + 1,
        turns: [],
        videoDuration: null,
        frames,
      }));
      const options = { ...rules, mode, unknown: 'fail', missing: 'zero', choice: null } as const;
      const result = await scoreGrounding(sourceOf(predictions), gold, options);
      for (const row of result.rows) {
        const oracle = result.oracle.find((each) => each.window === row.window);
        for (const [place, score] of row.scores.entries()) {
          expect(oracle?.scores[place]).toBeGreaterThanOrEqual(score - 1e-9);
        }
      }
    },
  );

  test('counts frames per threshold as a naive comparison does', () => {
    for (const { frames, spans } of tracks) {
      const track = frames.map((frame) => frame.relevance ?? 0);
      const gold = frames.map((frame) =>
        spans.some(([start, end]) => start <= frame.time && frame.time <= end),
      );
      const live = { mode: 'strict', protocol: 'live', longestRun: false } as const;
      const [unsmoothed] = sweepExample(frames, spans, live).values;
      const naive = maskIoU(
        track.map((value) => value >= 0.3),
        gold,
      );
      expect(unsmoothed?.[0]).toBe(naive);
    }
  });

  test('scores a constant track as no prediction in strict mode, at every window', () => {
    const frames = Array.from({ length: 30 }, (_, index) => ({
      time: index,
      informative: null,
      relevance: 0.37,
    }));
    const { values, flat } = sweepExample(frames, [[3, 9]], { ...rules, mode: 'strict' });
    expect(flat).toBe(true);
    expect(values.every((row) => row.every((value) => value === 0))).toBe(true);
  });

  test.each(modes)('keeps the IoU of two spans within 0 and 1 in %s mode', (mode) => {
    const random = seededRandom(5);
    for (let round = 0; round < 500; round += 1) {
      const value = spanIoU(randomSpan(random), randomSpan(random), mode);
      // A reversed pair has a negative hull with the published convention, as in the reference.
      if (mode === 'strict') expect(value).toBeGreaterThanOrEqual(0);
      if (Number.isFinite(value)) expect(value).toBeLessThanOrEqual(1);
    }
  });
});

describe('the two generations of frame records', () => {
  test('give the same prediction', () => {
    const random = seededRandom(9);
    for (let round = 0; round < 50; round += 1) {
      const scores = Array.from({ length: 5 }, () => integer(random, 1000) / 1000);
      const line = (frames: object[]) =>
        JSON.stringify({ question_id: 1, model_response_list: [], video_duration: 9, debug_data: frames });
      const current = line(
        scores.map((score, time) => ({ time, relevance_score: score, informative_score: 1 - score })),
      );
      const legacy = line(
        scores.map((score, time) => ({
          video_time: time,
          relevance_score: [1 - score, score],
          informative_score: [score, 1 - score],
        })),
      );
      const parse = (text: string) => parsePrediction({ file: 'pred.jsonl', firstLine: 1, text }, true);
      expect(parse(legacy)).toEqual(parse(current));
    }
  });
});

describe('dense captioning, over random videos', () => {
  const videoOf = (seed: number) => {
    const random = seededRandom(seed);
    const captions = () =>
      Array.from({ length: integer(random, 14) }, () => ({
        span: randomSpan(random),
        text: sentence(random),
      }));
    return { predicted: captions(), gold: captions() };
  };

  test.each(modes)('keeps shares within 0 and 1 in %s mode', (mode) => {
    for (const seed of seeds) {
      const { predicted, gold } = videoOf(seed);
      for (const [name, value] of Object.entries(scoreVideo(predicted, gold, stemTier, mode))) {
        expect(value).toBeGreaterThanOrEqual(0);
        if (name !== 'CIDER' && name !== 'n_preds') expect(value).toBeLessThanOrEqual(1 + 1e-9);
      }
    }
  });

  test('does not depend on the words that stand where nothing can match', () => {
    for (const seed of seeds.slice(0, 10)) {
      const { predicted, gold } = videoOf(seed);
      const far = { span: [900, 901] as const, text: 'x' };
      const odd = (text: string) => scoreVideo([...predicted, { ...far, text }], gold, stemTier, 'strict');
      const first = odd('zzzz');
      for (const [name, value] of Object.entries(odd('qqqq')))
        expect(value).toBeCloseTo(first[name] ?? 0, 12);
    }
  });

  test('does not depend on the order of the lines', async () => {
    const gold = randomGold(seededRandom(2), 12);
    const predictions = randomPredictions(seededRandom(3), 12);
    const options = {
      mode: 'strict',
      unknown: 'fail',
      missing: 'zero',
      format: 'seconds',
      tier: stemTier,
    } as const;
    const forwards = await scoreCaptions(sourceOf(predictions), gold, options);
    const backwards = await scoreCaptions(sourceOf(predictions.toReversed()), gold, options);
    for (const [name, value] of Object.entries(forwards.metrics)) {
      expect(backwards.metrics[name]).toBeCloseTo(value, 9);
    }
  });
});

describe('further bounds', () => {
  test('PAUC lies within 0 and 1, whatever the points', () => {
    const random = seededRandom(17);
    for (let round = 0; round < 500; round += 1) {
      const start = integer(random, 50);
      const late = start + integer(random, 10);
      const turn = {
        content: '',
        related: [start, late],
        reply: [start, late + integer(random, 5)],
      } as const;
      const points = Array.from({ length: integer(random, 5) }, () => ({
        time: start + random() * (turn.reply[1] - start),
        score: integer(random, 3),
      })).sort((a, b) => a.time - b.time);
      for (const omega of [0, 0.3, 1]) {
        const value = pauc(turn, points, omega);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
      }
    }
  });

  test('average precision lies within 0 and 1 and is 1 for a perfect ranking without ties', () => {
    const random = seededRandom(23);
    for (let round = 0; round < 200; round += 1) {
      const labels = Array.from({ length: 1 + integer(random, 20) }, () => random() < 0.4);
      const scores = labels.map(() => integer(random, 6));
      const value = averagePrecision(labels, rankScores(scores));
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThanOrEqual(1);
      const perfect = labels.map((label) => (label ? 1 : 0) + random() / 2);
      if (labels.includes(true)) expect(averagePrecision(labels, rankScores(perfect))).toBe(1);
    }
  });
});
