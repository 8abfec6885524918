import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { scoreOvo } from '../../../../server/scoring/benchmarks/ovo-bench/ovo-scores.js';
import { readGolden } from '../../support/golden.js';

describe('OVO-Bench', () => {
  const choice = z.object({
    task: z.string(),
    response: z.string().nullable(),
    ground_truth: z.string(),
  });
  const fixture = readGolden(
    'proactive/ovo_bench.json',
    z.object({
      input: z.object({
        backward: z.array(choice),
        realtime: z.array(choice),
        forward: z.array(
          z.object({
            task: z.enum(['REC', 'SSR', 'CRR']),
            test_info: z.array(
              z.object({
                count: z.number().optional(),
                type: z.number().optional(),
                response: z.string().nullable(),
              }),
            ),
          }),
        ),
      }),
      expected_percent_2dp: z.object({
        tasks: z.record(z.string(), z.number()),
        groups: z.object({
          Backward: z.number(),
          Realtime: z.number(),
          Forward: z.number(),
          Total: z.number(),
        }),
      }),
    }),
  );

  test('gives the accuracies of its scorer', () => {
    const choices = (rows: z.output<typeof choice>[]) =>
      rows.map((row) => ({ task: row.task, gold: row.ground_truth, reply: row.response }));
    const score = scoreOvo({
      backward: choices(fixture.input.backward),
      realtime: choices(fixture.input.realtime),
      forward: fixture.input.forward.flatMap(({ task, test_info: points }) =>
        points.map((point) => ({ task, gold: point.count ?? point.type ?? -1, reply: point.response })),
      ),
    });
    const { tasks, groups } = fixture.expected_percent_2dp;
    for (const [task, percent] of Object.entries(tasks)) {
      expect(Math.abs((score.tasks.get(task) ?? Number.NaN) - percent)).toBeLessThan(0.01);
    }
    expect(Math.abs((score.backward ?? Number.NaN) - groups.Backward)).toBeLessThan(0.01);
    expect(Math.abs((score.realtime ?? Number.NaN) - groups.Realtime)).toBeLessThan(0.01);
    expect(Math.abs((score.forward ?? Number.NaN) - groups.Forward)).toBeLessThan(0.01);
    expect(Math.abs((score.total ?? Number.NaN) - groups.Total)).toBeLessThan(0.01);
  });
});
