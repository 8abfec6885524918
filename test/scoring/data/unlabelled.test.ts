import { describe, expect, test } from 'vitest';
import { asLines, cleanRuns, type CleanItem } from '../support/clean-runs.js';
import { scoreFiles, type Outcome } from '../support/score-files.js';
import { temporaryFiles } from '../support/temporary-files.js';

/** Fields that say what is right, of any task. */
const labels = ['answer', 'timestamps', 'relevant_clip_ids', 'saliency_scores', 'relevant_windows'];

const withoutLabels = (item: CleanItem): CleanItem =>
  Object.fromEntries(Object.entries(item).filter(([name]) => !labels.includes(name)));

test.each(cleanRuns)('a file without a prediction of $task has no score', async ({ task, gold, flags }) => {
  using files = temporaryFiles();
  const annotations = files.write('g.jsonl', asLines(gold));
  const predictions = files.write('p.jsonl', '\n\n');
  const outcome = await scoreFiles(task, ['--pred', predictions, '--gold', annotations, ...flags]);
  expect(outcome).toMatchObject({
    type: 'refused',
    message: expect.stringContaining('holds no prediction') as string,
  });
});

describe.each(cleanRuns)(
  'annotations of $task whose answers are kept back',
  ({ task, gold, pred, flags }) => {
    async function score(
      annotations: readonly CleanItem[],
      predictions: readonly CleanItem[],
    ): Promise<Outcome> {
      using files = temporaryFiles();
      const paths = [
        '--gold',
        files.write('g.jsonl', asLines(annotations)),
        '--pred',
        files.write('p.jsonl', asLines(predictions)),
      ];
      return await scoreFiles(task, [...paths, ...flags]);
    }

    test('are left out of the figures and counted', async () => {
      const mixed = gold.map((item, index) => (index === 1 ? withoutLabels(item) : item));
      const outcome = await score(mixed, pred);
      const alone = await score(gold.toSpliced(1, 1), pred.toSpliced(1, 1));
      if (outcome.type === 'refused' || alone.type === 'refused') throw new Error('it was refused');
      expect(outcome.report.counts).toMatchObject({ n_unlabelled: 1, n_gold: 2, n_unknown: 0, n_missing: 0 });
      expect(outcome.report['notes']).toContain('1 questions have no answer and are not scored');
      expect(outcome.report.examples).toEqual(alone.report.examples);
    });

    test('give nothing to score where there are no others', async () => {
      expect(await score(gold.map(withoutLabels), pred)).toMatchObject({
        type: 'refused',
        message: expect.stringMatching(
          /g\.jsonl: none of the 3 questions has an answer, so there is nothing to score$/,
        ) as string,
      });
    });

    test('may not stand twice either', async () => {
      const twice = [...gold, withoutLabels(gold[0] ?? {})];
      expect(await score(twice, pred)).toMatchObject({
        type: 'refused',
        message: expect.stringMatching(/g\.jsonl:4: .* is annotated twice, first on line 1$/) as string,
      });
    });
  },
);
