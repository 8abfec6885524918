import { describe, expect, test } from 'vitest';
import { bootstrapMean, defaultResampling } from '../../../server/scoring/statistics/bootstrap.js';
import { comparePaired } from '../../../server/scoring/statistics/compare-paired.js';
import { quantile } from '../../../server/scoring/statistics/quantile.js';
import { seededRandom } from '../../../server/scoring/statistics/random.js';
import { roundTo } from '../../../server/scoring/statistics/round.js';
import { sliceByTag } from '../../../server/scoring/statistics/slices.js';
import { smoothCentred, smoothTrailing } from '../../../server/scoring/statistics/smooth.js';

describe('the bootstrap interval', () => {
  const random = seededRandom(7);
  const values = Array.from({ length: 400 }, () => random() + random());

  test('is the same for the same seed and close to what theory says', () => {
    const interval = bootstrapMean(values);
    expect(bootstrapMean(values)).toEqual(interval);
    // The sum of two even draws has the standard deviation 1/sqrt(6).
    const halfWidth = 1.96 / Math.sqrt(6 * values.length);
    expect((interval?.high ?? 0) - (interval?.low ?? 0)).toBeGreaterThan(1.6 * halfWidth);
    expect((interval?.high ?? 0) - (interval?.low ?? 0)).toBeLessThan(2.4 * halfWidth);
  });

  test('holds the true mean about as often as it says', () => {
    const draw = seededRandom(11);
    let held = 0;
    for (let run = 0; run < 200; run += 1) {
      const sample = Array.from({ length: 40 }, () => draw());
      const interval = bootstrapMean(sample, { ...defaultResampling, resamples: 200, seed: run });
      if (interval !== null && interval.low <= 0.5 && 0.5 <= interval.high) held += 1;
    }
    expect(held).toBeGreaterThan(175);
    expect(held).toBeLessThan(199);
  });

  test('needs two values', () => {
    expect(bootstrapMean([1])).toBeNull();
  });
});

describe('the paired comparison', () => {
  const draw = seededRandom(3);
  const base = Array.from({ length: 200 }, (_, index) => [`q${index}`, draw()] as const);

  test('finds a steady difference and the pairs it rests on', () => {
    const better = new Map(base.slice(0, 190).map(([id, value]) => [id, value + 0.1 + 0.1 * draw()]));
    const comparison = comparePaired(better, new Map(base));
    expect(comparison).toMatchObject({ nPairs: 190, onlyFirst: 0, onlySecond: 10 });
    expect(comparison.pValue).toBeLessThan(0.01);
    expect(comparison.interval?.low).toBeGreaterThan(0.1);
  });

  test('finds none between a run and itself, nor between runs that share no example', () => {
    const run = new Map(base);
    expect(comparePaired(run, run)).toMatchObject({ difference: 0, pValue: 1 });
    expect(comparePaired(run, new Map())).toMatchObject({ difference: null, pValue: null, nPairs: 0 });
  });

  test('calls chance differences significant about as rarely as it should', () => {
    let significant = 0;
    for (let run = 0; run < 100; run += 1) {
      const noise = () => new Map(Array.from({ length: 30 }, (_, index) => [`q${index}`, draw()]));
      const { pValue } = comparePaired(noise(), noise(), { ...defaultResampling, resamples: 200, seed: run });
      if (pValue !== null && pValue < 0.05) significant += 1;
    }
    expect(significant).toBeLessThan(14);
  });
});

describe('small parts', () => {
  test('quantiles lie between neighbours', () => {
    expect(quantile([0, 10], 0.25)).toBe(2.5);
    expect(quantile([4], 0.9)).toBe(4);
    expect(quantile([], 0.5)).toBeNaN();
  });

  test.each([
    [0.125, 2, 0.12],
    [0.375, 2, 0.38],
    [2.675, 2, 2.67],
    [-0.125, 2, -0.12],
    [2.5, 0, 2],
    [1e15, 2, 1e15],
  ])('rounds %d to %d decimals, exact halves to even', (value, digits, rounded) => {
    expect(roundTo(value, digits)).toBe(rounded);
  });

  test('slices by a tag, untagged examples apart', () => {
    const examples = [
      { id: 'a', value: 1, tags: { language: 'en' } },
      { id: 'b', value: 3, tags: { language: 'en' } },
      { id: 'c', value: 5, tags: {} },
    ];
    expect(sliceByTag(examples, 'language')).toEqual([
      { label: '(none)', n: 1, mean: 5 },
      { label: 'en', n: 2, mean: 2 },
    ]);
  });

  test('trailing smoothing never looks ahead', () => {
    const track = [0, 1, 0, 1, 1];
    const changed = [0, 1, 0, 9, 9];
    expect([...smoothTrailing(track, 2)].slice(0, 3)).toEqual([...smoothTrailing(changed, 2)].slice(0, 3));
    expect(smoothCentred(track, 1)[2]).not.toBe(smoothCentred(changed, 1)[2]);
    expect([...smoothTrailing([], 2)]).toEqual([]);
  });
});
