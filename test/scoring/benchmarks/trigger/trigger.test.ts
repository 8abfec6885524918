import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { areasOf } from '../../../../server/scoring/benchmarks/trigger/areas.js';
import { trigger } from '../../../../server/scoring/benchmarks/trigger/trigger.js';
import type { TaskReport } from '../../../../server/scoring/report/report.js';
import { scoreFiles, type ScoringPlan } from '../../../../server/scoring/score.js';
import { goldenPath, readGolden } from '../../support/golden.js';
import { temporaryFiles } from '../../support/temporary-files.js';

const area = z.number().nullable();
const golden = readGolden(
  'trigger/expected.json',
  z.object({
    vectors: z.array(
      z.object({
        labels: z.array(z.boolean()),
        scores: z.array(z.number()),
        roc_auc: area,
        pr_auc: area,
      }),
    ),
    files: z.record(z.string(), z.record(z.string(), z.number())),
  }),
);

async function score(
  files: { readonly predictions: string; readonly annotations: string },
  rules: Readonly<Record<string, unknown>> = {},
): Promise<TaskReport> {
  const plan: ScoringPlan = {
    benchmark: trigger,
    ...files,
    mode: 'strict',
    unknown: 'fail',
    rules,
    development: null,
    judging: null,
    saveJudged: null,
  };
  const outcome = await scoreFiles(plan, { signal: new AbortController().signal });
  if (outcome.type !== 'scored') throw new Error('nothing is estimated here');
  return outcome.report;
}

/** Scores predictions of one question asked at 1 s, with gold spans 2..4 and 6..8. */
async function scoreLines(...lines: readonly object[]): Promise<TaskReport> {
  using files = temporaryFiles();
  const gold = {
    question_id: 'q',
    conversation: [{ content: 'what?', time: 1 }],
    answer: [2, 6].map((start) => ({ content: 'x', time: [start, start + 2] })),
  };
  return await score({
    annotations: files.write('gold.json', JSON.stringify([gold])),
    predictions: files.write('pred.jsonl', lines.map((line) => JSON.stringify(line)).join('\n')),
  });
}

const frame = (time: number, score: number) => ({ time, informative_score: score, relevance_score: 0 });
const saidAt = (...times: readonly number[]) =>
  times.map((time) => ({ role: 'assistant', content: 'x', time }));

describe('the areas', () => {
  test.each(golden.vectors)('of $labels.length frames are those of scikit-learn', (vector) => {
    const { rocAuc, prAuc } = areasOf(vector);
    if (vector.roc_auc === null) expect(rocAuc).toBeNull();
    else expect(rocAuc).toBeCloseTo(vector.roc_auc, 12);
    if (vector.pr_auc === null) expect(prAuc).toBeNull();
    else expect(prAuc).toBeCloseTo(vector.pr_auc, 12);
  });

  test('are those of chance where all scores are equal', () => {
    const labels = [true, false, false, false];
    expect(areasOf({ labels, scores: [0.3, 0.3, 0.3, 0.3] })).toEqual({ rocAuc: 0.5, prAuc: 0.25 });
  });

  test('are 1 where every frame at which to speak scores higher than all others', () => {
    expect(areasOf({ labels: [false, true, true], scores: [0.1, 0.2, 0.9] })).toEqual({
      rocAuc: 1,
      prAuc: 1,
    });
  });

  test('are unknown where there are no frames at which to speak', () => {
    expect(areasOf({ labels: [false, false], scores: [0, 1] })).toEqual({ rocAuc: null, prAuc: null });
    expect(areasOf({ labels: [], scores: [] })).toEqual({ rocAuc: null, prAuc: null });
  });
});

describe('scoring when a model speaks', () => {
  const files = {
    annotations: goldenPath('trigger/gold.json'),
    predictions: goldenPath('trigger/pred.jsonl'),
  };

  test.each(Object.entries(golden.files))(
    'by %s gives the figures of scikit-learn',
    async (name, expected) => {
      const { values, tables } = await score(files, { score: name });
      const found = { ...tables?.['decisions']?.[0], ...values };
      for (const [figure, value] of Object.entries(expected))
        expect(found[figure], figure).toBeCloseTo(value, 12);
    },
  );

  test('takes no notice of frames before the question', async () => {
    const early = frame(0.5, 1);
    const { values, counts } = await scoreLines({
      question_id: 'q',
      model_response_list: [],
      debug_data: [early, frame(1, 0.1), frame(2, 0.4), frame(4, 0.6), frame(5, 0.2)],
    });
    expect(values).toMatchObject({ roc_auc: 1, pr_auc: 1, base_rate: 0.5 });
    expect(counts).toMatchObject({ nScoredFrames: 4, nPositiveFrames: 2 });
  });

  test('sets systems that never and always speak beside the run, and warns of accuracy', async () => {
    const { tables, notes } = await scoreLines({
      question_id: 'q',
      model_response_list: [],
      debug_data: [frame(1, 0.1), frame(2, 0.5), frame(5, 0.2), frame(5.5, 0.9)],
    });
    const common = { balanced_accuracy: 0.5 };
    expect(tables?.['decisions']?.slice(1)).toEqual([
      { system: 'always silent', ...common, accuracy: 0.75, precision: null, recall: 0, f1: 0, spoken: 0 },
      {
        system: 'always speaking',
        ...common,
        accuracy: 0.25,
        precision: 0.25,
        recall: 1,
        f1: 0.4,
        spoken: 1,
      },
    ]);
    // A score at the threshold itself does not speak.
    expect(tables?.['decisions']?.[0]).toMatchObject({ accuracy: 0.5, recall: 0, spoken: 0.25 });
    expect(notes[0]).toContain(
      'never speaks is right at 75.0 % of the frames, this run at threshold 0.5 at 50.0 %',
    );
  });

  test('times replies against the middle of the gold spans', async () => {
    // 3 s and 7 s are due: 4.5 s is near the first, 12 s is near none, 0 s comes before the question.
    const line = { question_id: 'q', model_response_list: saidAt(0, 4.5, 12), debug_data: [] };
    const { values, notes } = await scoreLines(line);
    expect(values).toMatchObject({
      timing_recall: 0.5,
      timing_precision: 0.5,
      timing_f1: 0.5,
      roc_auc: null,
    });
    expect(notes[0]).toContain('no prediction has scores of frames');
  });

  test('refuses a score that is no number, naming the field', async () => {
    const line = {
      question_id: 'q',
      model_response_list: [],
      debug_data: [{ time: 2, informative_score: 'NaN' }],
    };
    using temporary = temporaryFiles();
    const predictions = temporary.write('pred.jsonl', JSON.stringify(line).replace('"NaN"', 'NaN'));
    const annotations = temporary.write(
      'gold.json',
      JSON.stringify([{ question_id: 'q', conversation: [{ content: 'what?' }], answer: [] }]),
    );
    await expect(score({ predictions, annotations })).rejects.toThrow(
      'field debug_data[0].informative_score: is NaN; expected a probability',
    );
  });

  test('counts a question without a prediction as silence in its timing', async () => {
    using temporary = temporaryFiles();
    const questions = ['a', 'b'].map((id) => ({
      ...{ question_id: id, conversation: [{ content: 'what?' }] },
      answer: [{ content: 'x', time: [2, 4] }],
    }));
    const annotations = temporary.write('gold.json', JSON.stringify(questions));
    const line = { question_id: 'a', model_response_list: saidAt(3), debug_data: [frame(3, 1)] };
    const predictions = temporary.write('pred.jsonl', JSON.stringify(line));
    expect((await score({ predictions, annotations })).values).toMatchObject({ timing_f1: 0.5 });
    const skipping = await score({ predictions, annotations }, { missing: 'skip' });
    expect(skipping.values).toMatchObject({ timing_f1: 1 });
  });
});
