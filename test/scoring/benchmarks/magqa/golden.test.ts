import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { JudgedExample } from '../../../../server/scoring/benchmarks/magqa/judge-example.js';
import type { MagqaResult } from '../../../../server/scoring/benchmarks/magqa/magqa-result.js';
import { scoreMagqa } from '../../../../server/scoring/benchmarks/magqa/magqa-scorer.js';
import { defaultMagqaOptions, type MagqaOptions } from '../../../../server/scoring/benchmarks/magqa/rules.js';
import { readQaAnnotations } from '../../../../server/scoring/data/qa-annotations.js';
import type { Judge, JudgeCase } from '../../../../server/scoring/judges/judge.js';
import { readRecordedJudge } from '../../../../server/scoring/judges/kinds/recorded.js';
import { goldenPath, readGolden, readGoldenLines } from '../../support/golden.js';
import { goldenSource } from '../../support/sources.js';

const argsSchema = z.object({
  num_examples: z.number(),
  baseline_all_match: z.number(),
  pad_with_one: z.number(),
});
const variantSchema = z.object({
  args: argsSchema,
  in_span_mean: z.number(),
  turns_mean: z.number(),
  turns_dedup_mean: z.number(),
  max_score_mean: z.number().nullable(),
  n_in_span: z.number(),
  in_span_list: z.array(z.number()),
  turns_list: z.array(z.number()),
  turns_dedup_list: z.array(z.number()),
});
const evalSchema = z.object({
  question_id: z.string(),
  model_response_list: z.array(z.object({ time: z.number(), content: z.string() })).optional(),
  evaluator_output: z.array(z.array(z.number())),
  answer: z.array(z.string()),
  answer_time: z.array(z.tuple([z.number(), z.number()])),
});
const callSchema = z.object({ question: z.string(), gold: z.string(), pred: z.string() });

interface Run {
  readonly result: MagqaResult;
  readonly judged: JudgedExample[];
  readonly calls: JudgeCase[];
}

async function run(prefix: string, options: Partial<MagqaOptions>): Promise<Run> {
  const recorded = await readRecordedJudge(goldenPath(`magqa/${prefix}judge_calls.json`));
  const calls: JudgeCase[] = [];
  const judge: Judge = {
    ...recorded,
    rate: (judgeCase, rubric) => {
      calls.push(judgeCase);
      return recorded.rate(judgeCase, rubric);
    },
  };
  const judged: JudgedExample[] = [];
  const result = await scoreMagqa({
    source: goldenSource(`magqa/${prefix}pred.jsonl`, false),
    gold: await readQaAnnotations(goldenPath(`magqa/${prefix}gold.json`), 'compat'),
    judge,
    options: { ...defaultMagqaOptions, mode: 'compat', ...options },
    onJudged: (example) => judged.push(example),
  });
  return { result, judged, calls };
}

const runs = [
  { prefix: '', file: 'magqa/expected_analysis.json' },
  { prefix: 'offline_', file: 'magqa/offline_expected_analysis.json' },
];

describe.each(runs)('MAGQA on the golden $prefix run', ({ prefix, file }) => {
  test('makes the calls of the reference in its order, and its matrices', async () => {
    const { judged, calls } = await run(prefix, {});
    const expectedCalls = readGolden(`magqa/${prefix}judge_calls.json`, z.array(callSchema));
    expect(calls).toEqual(
      expectedCalls.map(({ question, gold, pred }) => ({ question, gold, prediction: pred })),
    );
    const written = judged.filter((example) => example.score.turns > 0);
    const expected = readGoldenLines(`magqa/${prefix}expected_eval.jsonl`, evalSchema);
    expect(
      written.map(({ matched, matrix }) => ({
        question_id: matched.prediction.questionId,
        evaluator_output: matrix,
        answer: matched.annotation.answer.map((turn) => turn.content),
        answer_time: matched.annotation.answer.map((turn) => turn.span),
      })),
    ).toEqual(
      expected.map(({ question_id, evaluator_output, answer, answer_time }) => ({
        question_id,
        evaluator_output,
        answer,
        answer_time,
      })),
    );
    for (const [index, { model_response_list }] of expected.entries()) {
      if (model_response_list === undefined) continue;
      const replies = written[index]?.replies.map(({ time, content }) => ({ time, content }));
      expect(replies).toEqual(model_response_list.map(({ time, content }) => ({ time, content })));
    }
  });

  const variants = z
    .union([
      z.array(variantSchema),
      z.object({ variants: z.array(variantSchema) }).transform((all) => all.variants),
    ])
    .parse(readGolden(file, z.unknown()));

  test.each(variants)('scores $args as the reference does', async (variant) => {
    const { result } = await run(prefix, {
      numExamples: variant.args.num_examples,
      allMatch: variant.args.baseline_all_match === 1,
      pad: variant.args.pad_with_one === 1,
    });
    expect(result.inSpan).toBeCloseTo(variant.in_span_mean, 9);
    expect(result.turns).toBeCloseTo(variant.turns_mean, 9);
    expect(result.turnsDedup).toBeCloseTo(variant.turns_dedup_mean, 9);
    if (variant.max_score_mean === null) expect(result.best).toBeNull();
    else expect(result.best).toBeCloseTo(variant.max_score_mean, 9);
    expect(result.inSpanValues).toHaveLength(variant.n_in_span);
    const listed = Math.min(variant.in_span_list.length, result.inSpanValues.length);
    for (let index = 0; index < listed; index += 1) {
      expect(result.inSpanValues[index]).toBeCloseTo(variant.in_span_list[index] ?? Number.NaN, 9);
    }
    const turns = result.examples.map((example) => example.turns);
    expect(turns).toEqual(variant.turns_list.slice(0, turns.length));
    const dedup = result.examples.map((example) => example.turnsDedup);
    expect(dedup).toEqual(variant.turns_dedup_list.slice(0, dedup.length));
  });
});
