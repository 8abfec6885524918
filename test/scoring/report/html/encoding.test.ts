import { describe, expect, test } from 'vitest';
import { encodeFrames } from '../../../../server/scoring/report/html/encode-example.js';
import {
  FixedHistogram,
  GrowingHistogram,
  valueBins,
} from '../../../../server/scoring/report/html/histograms.js';
import { decodeFrames, type Tracks } from '../../../../client/report/decode-frames.js';
import { curvePoints } from '../../../../server/scoring/report/html/sections/curve-section.js';
import { TimelineHistograms } from '../../../../server/scoring/report/html/timeline-histograms.js';
import type { PredictedFrame } from '../../../../server/scoring/data/prediction.js';
import { silentExample } from './written-page.js';

function roundTrip(frames: readonly PredictedFrame[]): Tracks {
  const packed = encodeFrames(frames);
  if (packed === null) throw new Error('no frames');
  return decodeFrames(packed);
}

describe('packed frames', () => {
  test('come out within 1/8000 of the range, 0, 1 and missing scores exactly', () => {
    const frames = Array.from({ length: 400 }, (_, index) => ({
      time: index / 2,
      informative: index / 399,
      relevance: index % 3 === 0 ? null : 1 - index / 399,
    }));
    const { times, informative, relevance } = roundTrip(frames);
    expect(times).toEqual(frames.map((frame) => frame.time));
    expect([informative[0], informative[399], relevance[0]]).toEqual([0, 1, null]);
    for (const [index, frame] of frames.entries()) {
      expect(Math.abs((informative[index] ?? 9) - frame.informative)).toBeLessThanOrEqual(1 / 8000);
      expect(relevance[index] === null).toBe(frame.relevance === null);
    }
    expect(JSON.stringify(encodeFrames(frames)).length).toBeLessThan(4.2 * frames.length + 100);
  });

  test('keep times that no step describes, to the millisecond', () => {
    const times = [0, 0.033, 0.1, 5, 5.001, 3600.25];
    const { times: unpacked } = roundTrip(times.map((time) => ({ time, informative: 0.1, relevance: null })));
    expect(unpacked).toEqual(times);
  });

  test('widen their range for scores beyond 0 and 1', () => {
    const { informative, low, high } = roundTrip([
      { time: 0, informative: -3, relevance: null },
      { time: 1, informative: 2, relevance: null },
    ]);
    expect({ informative, low, high }).toEqual({ informative: [-3, 2], low: -3, high: 2 });
  });

  test('a single frame and none are both fine', () => {
    expect(roundTrip([{ time: 7, informative: 1, relevance: 0 }]).times).toEqual([7]);
    expect(encodeFrames([])).toBeNull();
    expect(encodeFrames([{ time: Number.NaN, informative: 1, relevance: 1 }])).toBeNull();
  });
});

describe('histograms', () => {
  test('of fixed bins count what lies beyond at the ends', () => {
    const histogram = new FixedHistogram(0, 1, 4);
    for (const value of [-1, 0, 0.24, 0.25, 1, 7, Number.NaN]) histogram.add(value);
    expect(histogram.bins()).toEqual({ start: 0, width: 0.25, counts: [3, 1, 0, 2] });
  });

  test('that grow lose nothing when their bins are merged', () => {
    const histogram = new GrowingHistogram(0.25);
    for (let value = 0; value < 100; value += 1) histogram.add(value);
    const { width, counts } = histogram.bins();
    expect(width).toBe(4);
    expect(counts).toEqual(Array<number>(25).fill(4));
    expect(new GrowingHistogram(1).bins().counts).toEqual([]);
  });

  test('of values have a round width and hold every value, the highest included', () => {
    const { start, width, counts } = valueBins([1, 1, 5, 2.5, Number.NaN]);
    expect({ start, width, bins: counts.length }).toEqual({ start: 1, width: 0.2, bins: 20 });
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(4);
    expect(counts.at(-1)).toBe(1);
    expect(valueBins([3, 3]).counts).toEqual([2]);
    expect(valueBins([]).counts).toEqual([]);
  });

  test('of timelines tell frames inside gold spans from those outside, and know latencies', () => {
    const histograms = new TimelineHistograms();
    histograms.add({
      ...silentExample,
      gold: [{ span: [1, 2], content: '' }],
      frames: [0, 1, 2, 3].map((time) => ({ time, informative: 0.99, relevance: time === 3 ? null : 0 })),
      replies: [
        { time: 1.6, content: '', rating: 1, deliveryTime: 3 },
        { time: -1, content: '', rating: 1, deliveryTime: null },
      ],
    });
    expect(histograms.informative().inside.counts.at(-1)).toBe(2);
    expect(histograms.informative().outside.counts.at(-1)).toBe(2);
    expect(histograms.relevance().outside.counts[0]).toBe(1);
    expect(histograms.firstReply().counts).toEqual([0, 0, 1]);
    expect(histograms.delivery().counts).toEqual([0, 0, 0, 0, 0, 1]);
  });
});

test('the best point of a curve is marked as oracle, whether it was chosen or not', () => {
  const point = (threshold: number, score: number | null, chosen = false) => {
    return { threshold, score, turns: null, turnsDedup: null, chosen };
  };
  const points = [point(0.9, 2), point(0.5, 3), point(0.7, 3, true), point(0.1, null)];
  const marked = curvePoints({ metric: 'x', points, exact: true, note: null });
  expect(marked.map(({ threshold }) => threshold)).toEqual([0.1, 0.5, 0.7, 0.9]);
  expect(marked.map(({ oracle }) => oracle)).toEqual([false, true, false, false]);
});
