import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { matchMoments, scoreTiming } from '../../../../server/scoring/benchmarks/proactive/timing-f1.js';
import {
  winnerOfReply,
  winRate,
  type Winner,
} from '../../../../server/scoring/benchmarks/proactive/win-rate.js';
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

describe('the pairwise win rate', () => {
  const fixture = readGolden(
    'proactive/win_rate.json',
    z.object({
      model_id: z.string(),
      rows: z.array(z.object({ ab_winner: z.string(), ba_winner: z.string() })),
      win_rate_percent: z.number(),
    }),
  );

  test('gives the fixture, ties counting as losses', () => {
    const winner = (name: string): Winner => {
      if (name === 'tie') return 'tie';
      return name === fixture.model_id ? 'ours' : 'theirs';
    };
    const rows = fixture.rows.map((row) => ({
      oursFirst: winner(row.ab_winner),
      theirsFirst: winner(row.ba_winner),
    }));
    expect(winRate(rows).percent).toBeCloseTo(fixture.win_rate_percent, 9);
  });

  test('reads A before B, and a tie where neither is named', () => {
    expect(winnerOfReply('A', 'ours')).toBe('ours');
    expect(winnerOfReply('B is better', 'ours')).toBe('theirs');
    expect(winnerOfReply('B', 'theirs')).toBe('ours');
    expect(winnerOfReply('neither', 'ours')).toBe('tie');
  });
});
