import { expect, test } from 'vitest';
import { z } from 'zod';
import { readGolden } from '../../support/golden.js';
import { scoreFiles, type Outcome } from '../../support/score-files.js';
import { temporaryFiles } from '../../support/temporary-files.js';

const span = z.tuple([z.number(), z.number()]);
const { submission, ground_truth, expected } = readGolden(
  'highlight/units.json',
  z.object({
    moment_retrieval: z.object({
      submission: z.array(z.object({ qid: z.number(), pred_relevant_windows: z.array(z.array(z.number())) })),
      ground_truth: z.array(
        z.object({ qid: z.number(), duration: z.number(), relevant_windows: z.array(span) }),
      ),
      expected: z.object({ brief: z.record(z.string(), z.number()) }),
    }),
  }),
).moment_retrieval;

const gold = ground_truth.map((query) => ({ ...query, relevant_clip_ids: [], saliency_scores: [] }));
const withClips = submission.map((line) => ({ ...line, pred_saliency_scores: [0] }));

async function score(
  lines: readonly object[],
  annotations: readonly object[] = gold,
  mode = 'compat',
): Promise<Outcome> {
  using files = temporaryFiles();
  const write = (name: string, items: readonly object[]) =>
    files.write(name, items.map((item) => JSON.stringify(item)).join('\n'));
  const paths = ['--gold', write('gold.jsonl', annotations), '--pred', write('pred.jsonl', lines)];
  return await scoreFiles('highlights', [...paths, '--mode', mode]);
}

test('windows of a submission get the figures of the evaluator', async () => {
  const outcome = await score(withClips);
  const figures = Object.entries(expected.brief).map(([name, value]) => {
    return [name, expect.closeTo(value, 2)] as const;
  });
  expect(outcome).toMatchObject({ report: Object.fromEntries(figures) });
});

test('a query without windows found none, once others name some', async () => {
  const [first] = withClips;
  const lines = withClips.map(({ qid, ...others }) => ({
    ...others,
    qid,
    ...(qid !== first?.qid && { pred_relevant_windows: null }),
  }));
  const outcome = await score(lines);
  if (outcome.type !== 'scored') throw new Error(outcome.message);
  expect(outcome.report['MR-full-R1@0.5']).toBeLessThanOrEqual(1);
});

test('nothing is said of moments where no prediction names windows, or nobody annotated them', async () => {
  const plain = submission.map(({ qid }) => ({ qid, pred_saliency_scores: [0] }));
  const without = await score(plain);
  const unannotated = gold.map(({ qid, duration, ...clips }) => ({
    ...{ qid, duration, saliency_scores: clips.saliency_scores, relevant_clip_ids: clips.relevant_clip_ids },
  }));
  for (const outcome of [without, await score(withClips, unannotated)]) {
    if (outcome.type !== 'scored') throw new Error(outcome.message);
    expect(Object.keys(outcome.report).filter((name) => name.startsWith('MR-'))).toEqual([]);
  }
});

test('a window that is no triple is refused, naming the field', async () => {
  const line = { qid: 0, pred_relevant_windows: [[1, 2]], pred_saliency_scores: [0] };
  expect(await score([line])).toMatchObject({
    message: expect.stringMatching(
      /pred\.jsonl:1: field pred_relevant_windows\[0\]: expected \[start, end, score\]/,
    ) as string,
  });
});
