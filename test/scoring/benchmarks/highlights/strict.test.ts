import { describe, expect, test } from 'vitest';
import { clipScores } from '../../../../server/scoring/benchmarks/highlights/clip-scores.js';
import { highlightReport } from '../../../../server/scoring/benchmarks/highlights/highlight-report.js';
import { scoreHighlight } from '../../../../server/scoring/benchmarks/highlights/score-highlight.js';
import { sourceOf } from '../../support/sources.js';

const frame = (time: number, relevance: number) => ({ time, informative: null, relevance });

describe('highlight detection in strict mode', () => {
  test('puts a frame into the clip of its time, whatever the frame rate', () => {
    const frames = [0, 0.9, 1.8, 2.7, 3.6, 4.5].map((time) => frame(time, 1));
    expect(clipScores(frames, 0, 'strict')).toEqual([3, 2, 1]);
    expect(clipScores(frames, 0, 'compat')).toEqual([2, 2, 2]);
    expect(clipScores([frame(5, 1)], 0, 'strict')).toEqual([0, 0, 1]);
  });

  test('compat refuses what the reference ends at, strict a time no video has', () => {
    expect(() => clipScores([frame(0, 1)], 0, 'compat')).toThrow('at least two frames');
    expect(() => clipScores([frame(0, 1), frame(3, 1)], 0, 'compat')).toThrow('at most 2 s');
    expect(() => clipScores([frame(1e12, 1)], 0, 'strict')).toThrow('a day or less');
  });

  test('looks at no later frame in the live protocol, and says so', async () => {
    const frames = [0, 1, 2, 3, 4, 5].map((time) => frame(time, time === 4 ? 1 : 0));
    expect(clipScores(frames, 1, 'strict')).toEqual([0, 1 / 3, 1 / 3 + 1 / 2]);
    expect(clipScores(frames, 1, 'strict', 'live')).toEqual([0, 0, 1]);
    expect(clipScores(frames, 1, 'compat', 'live')).toEqual([0, 0, 1]);
    const gold = new Map([
      ['a', { questionId: 'a', clipCount: 3, ratings: new Map([[1, [4, 4, 4]]]), windows: null, tags: {} }],
    ]);
    const prediction = {
      type: 'online',
      questionId: 'a',
      line: 1,
      turns: [],
      videoDuration: 6,
      frames,
    } as const;
    const options = {
      mode: 'strict',
      protocol: 'live',
      unknown: 'fail',
      missing: 'zero',
      window: 1,
    } as const;
    const live = await scoreHighlight(sourceOf([prediction]), gold, options);
    const offline = await scoreHighlight(sourceOf([prediction]), gold, { ...options, protocol: 'offline' });
    const precision = ({ examples }: typeof live) => examples[0]?.value ?? Number.NaN;
    expect(precision(live)).toBeLessThan(precision(offline));
    const report = highlightReport(live, options);
    expect(report.options).toMatchObject({ protocol: 'live' });
    expect(report.notes).toEqual(['live protocol: no later frames']);
    expect(highlightReport(offline, { ...options, protocol: 'offline' }).notes).toEqual([]);
  });

  test('counts a query without frames and a missing one as 0, unless they are to be skipped', async () => {
    const rated = (id: string) => {
      return { questionId: id, clipCount: 2, ratings: new Map([[0, [4, 4, 4]]]), windows: null, tags: {} };
    };
    const gold = new Map(['a', 'b', 'c'].map((id) => [id, rated(id)]));
    const online = (id: string, frames: ReturnType<typeof frame>[]) =>
      ({ type: 'online', questionId: id, line: 1, turns: [], videoDuration: 4, frames }) as const;
    const predictions = [online('a', [frame(0, 1), frame(2, 0)]), online('b', [])];
    const options = {
      mode: 'strict',
      protocol: 'offline',
      unknown: 'fail',
      missing: 'zero',
      window: 0,
    } as const;
    const zero = await scoreHighlight(sourceOf(predictions), gold, options);
    expect(zero.windows[0]?.levels[2]?.hitAt1).toBeCloseTo(100 / 3, 9);
    expect(zero.examples.map((example) => example.value)).toEqual([1, 0, 0]);
    expect(zero.counts).toMatchObject({ nScored: 3, nMissing: 1, nNoFrames: 1 });
    const skipping = await scoreHighlight(sourceOf(predictions), gold, { ...options, missing: 'skip' });
    expect(skipping.windows[0]?.levels[2]?.hitAt1).toBe(100);
  });
});
