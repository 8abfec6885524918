import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Prediction } from '../../../../server/scoring/data/prediction.js';
import type { Judge } from '../../../../server/scoring/judges/judge.js';
import {
  beginsWithGold,
  scoreChoices,
} from '../../../../server/scoring/benchmarks/proactive/multiple-choice.js';
import { scoreOvo } from '../../../../server/scoring/benchmarks/proactive/ovo-bench.js';
import { pauc } from '../../../../server/scoring/benchmarks/proactive/pauc.js';
import { scoreProactiveOutput } from '../../../../server/scoring/benchmarks/proactive/proactive-output.js';
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

describe('StreamingBench', () => {
  const counts = z.object({ total: z.number(), correct: z.number(), accuracy: z.number() });
  const fixture = readGolden(
    'proactive/streamingbench.json',
    z.object({
      proactive: z.object({
        input: z.array(
          z.object({
            questions: z.array(
              z.object({
                ground_truth_time_stamp: z.string(),
                ground_truth_output: z.string(),
                M: z.object({
                  dialog_history: z.array(z.object({ content: z.string(), time: z.number() })),
                }),
              }),
            ),
          }),
        ),
        expected: z.record(
          z.string(),
          z.object({ total: z.number(), time_correct: z.number(), answer_correct: z.number() }),
        ),
      }),
      real: z.object({
        input: z.array(
          z.object({
            questions: z.array(z.object({ task_type: z.string(), answer: z.string(), M: z.string() })),
          }),
        ),
        expected: z.record(z.string(), counts),
      }),
    }),
  );
  const seconds = (stamp: string) => stamp.split(':').reduce((total, part) => total * 60 + Number(part), 0);

  test('counts proactive outputs as its script does', () => {
    const questions = fixture.proactive.input.flatMap((item) => item.questions);
    const score = scoreProactiveOutput(
      questions.map((question) => {
        const last = question.M.dialog_history.at(-1);
        return {
          dueTime: seconds(question.ground_truth_time_stamp),
          requiredText: question.ground_truth_output,
          output: last === undefined ? null : { time: last.time, text: last.content },
        };
      }),
    );
    const expected = fixture.proactive.expected['Proactive Output'];
    expect(score.total).toBe(expected?.total);
    expect(score.timeCorrect).toBe(expected?.time_correct);
    expect(score.answerCorrect).toBe(expected?.answer_correct);
  });

  test('counts multiple choice as its script does', () => {
    const cases = fixture.real.input.flatMap((item) =>
      item.questions.map((question) => ({
        task: question.task_type,
        gold: question.answer,
        reply: question.M,
      })),
    );
    const scores = scoreChoices(cases, beginsWithGold);
    for (const [task, expected] of Object.entries(fixture.real.expected)) {
      if (task !== 'total') expect(scores.get(task)).toEqual(expected);
    }
    const correct = [...scores.values()].reduce((total, score) => total + score.correct, 0);
    expect(correct).toBe(fixture.real.expected['total']?.correct);
  });
});
