import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { batchRatings, batchRequests } from '../../../../server/scoring/benchmarks/magqa/batch-requests.js';
import { bestScore, inSpanScore } from '../../../../server/scoring/benchmarks/magqa/in-span-score.js';
import { summarise } from '../../../../server/scoring/benchmarks/magqa/magqa-result.js';
import { defaultMagqaOptions } from '../../../../server/scoring/benchmarks/magqa/rules.js';
import { fillMatrix, planMatrix } from '../../../../server/scoring/benchmarks/magqa/score-matrix.js';
import { selectExamples } from '../../../../server/scoring/benchmarks/magqa/select-examples.js';
import { concatReplies, repliesOf } from '../../../../server/scoring/benchmarks/magqa/timed-reply.js';
import type { Prediction } from '../../../../server/scoring/data/prediction.js';
import { readQaAnnotations } from '../../../../server/scoring/data/qa-annotations.js';
import { replyTiming } from '../../../../server/scoring/data/reply-timing.js';
import type { JudgeCase } from '../../../../server/scoring/judges/judge.js';
import { readReply } from '../../../../server/scoring/judges/rating/read-rating.js';
import { goldenPath, readGolden, readGoldenLines } from '../../support/golden.js';
import { collect, goldenSource } from '../../support/sources.js';

const gold = await readQaAnnotations(goldenPath('magqa/gold.json'), 'compat');
const predictions = await collect(goldenSource('magqa/pred.jsonl', false).predictions);
const spoken = predictions.filter((prediction) => repliesOf(prediction).length > 0);
const matrixRow = z.object({ question_id: z.string(), evaluator_output: z.array(z.array(z.number())) });

function annotationOf(prediction: Prediction) {
  const annotation = gold.get(String(prediction.questionId));
  if (annotation === undefined) throw new Error('the fixture annotates every prediction');
  return annotation;
}

describe('joining the replies of an example', () => {
  const fixture = readGolden(
    'magqa/concat_expected.json',
    z.object({
      first_n: z.number(),
      rows: z.array(matrixRow),
      judge_calls: z.array(
        z.object({ question: z.string(), gold: z.string(), pred: z.string(), score_last_char: z.number() }),
      ),
    }),
  );

  test('makes the calls and the one-column matrices of the reference', () => {
    const calls: JudgeCase[] = [];
    const scores = fixture.judge_calls.map((call) => call.score_last_char);
    const rows = predictions.slice(0, fixture.first_n).flatMap((prediction) => {
      const replies = repliesOf(prediction);
      if (replies.length === 0) return [];
      const annotation = annotationOf(prediction);
      const plan = planMatrix(annotation.question, annotation.answer, concatReplies(replies));
      const ratings = plan.calls.map((call) => {
        calls.push(call);
        return scores[calls.length - 1] ?? Number.NaN;
      });
      return [{ question_id: String(prediction.questionId), evaluator_output: fillMatrix(plan, ratings) }];
    });
    expect(rows).toEqual(fixture.rows);
    expect(calls.map(({ question, gold: text, prediction }) => [question, text, prediction])).toEqual(
      fixture.judge_calls.map((call) => [call.question, call.gold, call.pred]),
    );
  });
});

describe('the batch route', () => {
  const requests = readGolden(
    'magqa/batch_requests.json',
    z.array(
      z.object({
        custom_id: z.string(),
        question: z.string(),
        gold: z.string(),
        pred: z.string(),
        synthetic_reply: z.string(),
      }),
    ),
  );
  const replies = new Map(requests.map((request) => [request.custom_id, request.synthetic_reply]));
  const judged = spoken.map((prediction) => {
    const annotation = annotationOf(prediction);
    const timed = repliesOf(prediction);
    const plan = planMatrix(annotation.question, annotation.answer, timed);
    const ratings = batchRatings(prediction.questionId, plan, replies).map((reply) =>
      reply === null ? 1 : (readReply(reply, 'whole_integer') ?? 1),
    );
    return { prediction, annotation, timed, plan, matrix: fillMatrix(plan, ratings) };
  });

  test('writes the requests of the reference, in order, under its ids', () => {
    const written = judged.flatMap(({ prediction, plan }) => batchRequests(prediction.questionId, plan));
    expect(written).toEqual(
      requests.map((request) => ({
        customId: request.custom_id,
        question: request.question,
        gold: request.gold,
        prediction: request.pred,
      })),
    );
  });

  test('reads the replies back into the matrices of the reference', () => {
    const rows = judged.map(({ prediction, matrix }) => ({
      question_id: String(prediction.questionId),
      evaluator_output: matrix,
    }));
    expect(rows).toEqual(readGoldenLines('magqa/batch_expected_eval.jsonl', matrixRow));
  });

  test('scores what the reference scores', () => {
    const expected = readGolden(
      'magqa/batch_expected_analysis.json',
      z.object({ in_span_mean: z.number(), turns_mean: z.number(), turns_dedup_mean: z.number() }),
    );
    const rows = judged.map(({ prediction, annotation, timed, matrix }) => ({
      startsWithoutTime: false,
      score: {
        questionId: prediction.questionId,
        inSpan: inSpanScore(matrix, annotation.answer, timed, true),
        inSpanAtDelivery: null,
        isLeftOut: false,
        best: bestScore(matrix),
        turns: timed.length,
        turnsBeforeQuestion: 0,
        turnsDedup: new Set(timed.map((reply) => reply.content)).size,
        timing: replyTiming([], []),
        tags: {},
      },
    }));
    const options = { ...defaultMagqaOptions, mode: 'compat', numExamples: 200 } as const;
    const { examples, padTo } = selectExamples(rows, [], options);
    const summary = summarise(examples, padTo);
    expect(summary.inSpan).toBeCloseTo(expected.in_span_mean, 9);
    expect(summary.turns).toBeCloseTo(expected.turns_mean, 9);
    expect(summary.turnsDedup).toBeCloseTo(expected.turns_dedup_mean, 9);
  });

  test('refuses a question id that its request ids could not carry', () => {
    const plan = planMatrix('q', [], []);
    expect(() => batchRequests('a*b', plan)).toThrow('"a*b"');
  });
});
