import { describe, expect, test } from 'vitest';
import type {
  PredictedFrame,
  OfflinePrediction,
  OnlinePrediction,
} from '../../../../server/scoring/data/prediction.js';
import type { Span } from '../../../../server/scoring/data/span.js';
import { chooseOnDevelopment, givenChoice } from '../../../../server/scoring/benchmarks/grounding/choice.js';
import { highlightSpans } from '../../../../server/scoring/benchmarks/grounding/grounding-annotations.js';
import {
  scoreGrounding,
  type GroundingOptions,
} from '../../../../server/scoring/benchmarks/grounding/score-grounding.js';
import { spanIoU } from '../../../../server/scoring/benchmarks/grounding/span-iou.js';
import { sourceOf } from '../../support/sources.js';

const strict: GroundingOptions = {
  mode: 'strict',
  protocol: 'offline',
  longestRun: false,
  unknown: 'fail',
  missing: 'zero',
  choice: givenChoice(0, 0.5),
};

function goldOf(...spans: (readonly [id: string, span: Span])[]) {
  return new Map(spans.map(([id, span]) => [id, { questionId: id, spans: [span], tags: {} }]));
}

function online(id: string, relevance: readonly number[], times?: readonly number[]): OnlinePrediction {
  const frames: PredictedFrame[] = relevance.map((score, index) => {
    return { time: times?.[index] ?? index, informative: null, relevance: score };
  });
  return { type: 'online', questionId: id, line: 1, turns: [], videoDuration: null, frames };
}

function offline(id: string, text: string): OfflinePrediction {
  return { type: 'offline', questionId: id, line: 1, text, videoDuration: 100 };
}

describe('temporal grounding in strict mode', () => {
  test('counts flat tracks, predictions without frames and missing ones, all as IoU 0', async () => {
    const gold = goldOf(['a', [1, 2]], ['b', [0, 1]], ['c', [0, 1]], ['d', [2, 1]]);
    const predictions = [online('a', [0, 1, 1, 0]), online('b', [0.37, 0.37, 0.37]), online('c', [])];
    const { scores, counts } = await scoreGrounding(sourceOf(predictions), gold, strict);
    expect(scores).toEqual([25, 25, 25, 25]);
    expect(counts).toMatchObject({ nScored: 4, nFlat: 1, nNoFrames: 1, nMissing: 1, nReversedGold: 1 });
    const skipping = await scoreGrounding(sourceOf(predictions), gold, { ...strict, missing: 'skip' });
    expect(skipping.counts.nScored).toBe(3);
    const compat = scoreGrounding(sourceOf(predictions), gold, { ...strict, mode: 'compat' });
    await expect(compat).rejects.toThrow('field debug_data: has no frame scores');
  });

  test('refuses frames out of order', async () => {
    const swapped = scoreGrounding(
      sourceOf([online('a', [0, 1, 0], [0, 2, 1])]),
      goldOf(['a', [0, 1]]),
      strict,
    );
    await expect(swapped).rejects.toThrow('pred.jsonl:1: field debug_data[2].time: 1 comes before');
  });

  test('in the live protocol decides a frame by what was known then', async () => {
    const live = { ...strict, protocol: 'live', choice: givenChoice(1, 0.5) } as const;
    const gold = goldOf(['a', [1, 2]]);
    const first = await scoreGrounding(sourceOf([online('a', [0, 1, 1, 0])]), gold, live);
    // Means with the frame before: 0, 0.5, 1, 0.5; the threshold "0.50" lies a hair above 0.5.
    expect(first.examples.map((example) => example.value)).toEqual([0.5]);
    expect(first.rows).toHaveLength(315);
  });

  test('scores texts in seconds and those that name no span as 0', async () => {
    const gold = goldOf(['a', [10, 20]], ['b', [10, 20]]);
    const texts = [offline('a', 'From 15 to 25.'), offline('b', 'somewhere')];
    const { scores, counts } = await scoreGrounding(sourceOf(texts), gold, strict);
    expect(scores?.[0]).toBeCloseTo((100 * (5 / 15)) / 2, 9);
    expect(counts).toMatchObject({ nScored: 2, nUnparsable: 1 });
    const mixed = scoreGrounding(sourceOf([...texts.slice(0, 1), online('b', [1])]), gold, strict);
    await expect(mixed).rejects.toThrow('is an online prediction among offline ones');
  });

  test('keeps the start of a highlight and closes it at a gap', () => {
    const clips = { relevantClipIds: [3, 4, 7, 8], saliencyScores: [[4], [4], [4], [1]] };
    expect(highlightSpans(clips, 'strict')).toEqual([
      [6, 10],
      [14, 16],
    ]);
  });

  test('gives disjoint spans nothing, however near', () => {
    expect(spanIoU([0, 1], [1.5, 3], 'strict')).toBe(0);
    expect(spanIoU([0, 1], [1.5, 3], 'compat')).toBeGreaterThan(0);
  });
});

describe('choosing window and threshold', () => {
  const row = (window: number, threshold: number, ioU: number) => {
    return { window, threshold, scores: [ioU, 0, 0, 0] as const };
  };

  test('takes the best row of the development split, the smaller one on ties', () => {
    const rows = [row(0, 0.3, 40), row(0, 0.32, 45), row(1, 0.3, 45)];
    expect(chooseOnDevelopment(rows)).toMatchObject({ window: 0, position: 1, origin: 'development' });
  });

  test('refuses what is not in the sweep', () => {
    expect(() => givenChoice(15, 0.5)).toThrow('not in the sweep');
    expect(() => givenChoice(0, 0.31)).toThrow('not in the sweep');
    expect(givenChoice(0, 0.7).position).toBe(20);
  });
});
