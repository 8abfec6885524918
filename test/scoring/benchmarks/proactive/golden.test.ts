import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Prediction } from '../../../../server/scoring/data/prediction.js';
import type { Judge } from '../../../../server/scoring/judges/judge.js';
import { pauc } from '../../../../server/scoring/benchmarks/proactive/pauc.js';
import { scorePauc } from '../../../../server/scoring/benchmarks/proactive/score-pauc.js';
import { readGolden } from '../../support/golden.js';
import { sourceOf } from '../../support/sources.js';

const span = z.tuple([z.number(), z.number()]);

describe('PAUC', () => {
  const fixture = readGolden(
    'proactive/pauc.json',
    z.object({
      examples: z.array(
        z.object({
          question_id: z.string(),
          answer: z.array(z.object({ content: z.string(), related_timespan: span, reply_timespan: span })),
          preds: z.array(z.object({ time: z.number(), content: z.string() })),
          judge: z.array(
            z.array(
              z.object({ time: z.number(), accumulated: z.array(z.string()), score: z.number().nullable() }),
            ),
          ),
        }),
      ),
      expected: z.record(
        z.string(),
        z.object({
          per_turn: z.array(z.array(z.number())),
          mean_over_turns: z.number(),
          mean_over_videos: z.number(),
        }),
      ),
      duplicate_rate_exact_text: z.object({
        duplicates: z.number(),
        considered: z.number(),
        rate: z.number(),
      }),
    }),
  );
  const gold = new Map(
    fixture.examples.map((example) => [
      example.question_id,
      {
        questionId: example.question_id,
        question: example.question_id,
        answer: example.answer.map((turn) => ({
          content: turn.content,
          related: turn.related_timespan,
          reply: turn.reply_timespan,
        })),
        tags: {},
      },
    ]),
  );
  const predictions = fixture.examples.map((example, index): Prediction => ({
    type: 'online',
    questionId: example.question_id,
    line: index + 1,
    turns: example.preds.map((reply) => ({ ...reply, role: 'assistant', deliveryTime: null })),
    videoDuration: null,
    frames: [],
  }));
  /** Answers with the scores of the fixture, in its order, and checks that it is asked what the fixture was. */
  const replayJudge = (): Judge => {
    const calls = fixture.examples.flatMap(({ answer, judge }) =>
      judge.flatMap((points, turn) => points.map((point) => ({ ...point, gold: answer[turn]?.content }))),
    );
    return {
      id: 'replay',
      comparable: true,
      promptHash: null,
      rate: ({ gold: asked, prediction }) => {
        const call = calls.shift();
        expect(asked).toBe(call?.gold);
        expect(prediction).toBe(call?.accumulated.join(' '));
        const score = call?.score ?? null;
        return Promise.resolve(score === null ? 'cannot say' : `Score: ${score + 1}`);
      },
    };
  };

  test.each(Object.entries(fixture.expected))('with omega %s gives the fixture', async (omega, expected) => {
    const options = { mode: 'compat', unknown: 'fail', missing: 'skip', omega: Number(omega) } as const;
    const result = await scorePauc(sourceOf(predictions), gold, replayJudge(), options);
    for (const [index, example] of fixture.examples.entries()) {
      const turns = result.turns.get(example.question_id) ?? [];
      expect(turns).toHaveLength(expected.per_turn[index]?.length ?? -1);
      for (const [turn, value] of (expected.per_turn[index] ?? []).entries()) {
        expect(turns[turn]).toBeCloseTo(value, 9);
      }
    }
    expect(result.meanOverTurns).toBeCloseTo(expected.mean_over_turns, 9);
    expect(result.meanOverVideos).toBeCloseTo(expected.mean_over_videos, 9);
    expect(result.duplicates).toEqual({
      duplicates: fixture.duplicate_rate_exact_text.duplicates,
      considered: fixture.duplicate_rate_exact_text.considered,
    });
    expect(result.duplicateRatio).toBeCloseTo(fixture.duplicate_rate_exact_text.rate, 9);
  });

  test('gives 48.5/98 for the worked example of the paper', () => {
    const turn = { content: '', related: [311, 360], reply: [311, 360] } as const;
    const points = [
      { time: 312, score: 0 },
      { time: 328, score: 1 },
      { time: 344, score: 2 },
      { time: 352, score: 2 },
    ];
    expect(pauc(turn, points, 0)).toBeCloseTo(48.5 / 98, 12);
  });

  test('is a quarter in silence, nothing on an empty span, and the last score alone when timing is ignored', () => {
    const turn = { content: '', related: [0, 10], reply: [0, 10] } as const;
    expect(pauc(turn, [], 0.5)).toBe(0.25);
    expect(pauc({ ...turn, reply: [3, 3] }, [{ time: 3, score: 2 }], 0)).toBe(0);
    expect(pauc(turn, [{ time: 9, score: 1 }], 1)).toBe(0.5);
  });
});
