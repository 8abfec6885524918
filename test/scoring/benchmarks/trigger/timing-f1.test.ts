import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { matchMoments, scoreTiming } from '../../../../server/scoring/benchmarks/trigger/timing-f1.js';
import { readGolden } from '../../support/golden.js';

describe('timing F1', () => {
  const fixture = readGolden(
    'proactive/timing_f1.json',
    z.object({
      rows: z.array(
        z.object({
          task: z.string(),
          gt: z.array(z.number()),
          det: z.array(z.number()),
          recall: z.number(),
          precision: z.number(),
          matched: z.number(),
        }),
      ),
      expected: z.record(z.string(), z.object({ recall: z.number(), precision: z.number(), f1: z.number() })),
      average_f1: z.number(),
    }),
  );
  const samples = fixture.rows.map((row) => ({ task: row.task, gold: row.gt, detections: row.det }));

  test('matches every sample, task and the average of the fixture', () => {
    for (const [index, row] of fixture.rows.entries()) {
      const sample = samples[index];
      if (sample === undefined) throw new Error('as many samples as rows');
      const { matched, recall, precision } = matchMoments(sample);
      expect(matched).toBe(row.matched);
      expect(recall).toBeCloseTo(row.recall, 9);
      expect(precision).toBeCloseTo(row.precision, 9);
    }
    const { tasks, averageF1 } = scoreTiming(samples);
    for (const [task, expected] of Object.entries(fixture.expected)) {
      expect(tasks.get(task)?.f1).toBeCloseTo(expected.f1, 9);
      expect(tasks.get(task)?.recall).toBeCloseTo(expected.recall, 9);
      expect(tasks.get(task)?.precision).toBeCloseTo(expected.precision, 9);
    }
    expect(averageF1).toBeCloseTo(fixture.average_f1, 9);
  });
});
