import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { beginsWithGold, scoreChoices } from '../../../../server/scoring/benchmarks/multiple-choice.js';
import { scoreProactiveOutput } from '../../../../server/scoring/benchmarks/streamingbench/proactive-output.js';
import { readGolden } from '../../support/golden.js';

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
