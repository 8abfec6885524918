import { expect, test } from 'vitest';
import { ovoBench } from '../../../../server/scoring/benchmarks/ovo-bench/ovo-bench.js';
import { statesGold } from '../../../../server/scoring/benchmarks/multiple-choice.js';
import type { Mode } from '../../../../server/scoring/mode.js';
import { scoreFiles } from '../../../../server/scoring/score.js';
import { temporaryFiles } from '../../support/temporary-files.js';

const items = [
  {
    ...{ id: 7, task: 'EPM', video: 'a.mp4', realtime: 5, question: 'What happened?' },
    ...{ options: ['It fell', 'It rose'], gt: 1 },
  },
  { id: 8, task: 'REC', video: 'a.mp4', activity: 'jump', test_info: [{ realtime: 3, count: 2 }] },
  {
    ...{ id: 9, task: 'SSR', video: 'a.mp4' },
    test_info: [
      { realtime: 2, step: 'Cut it.', type: 0 },
      { realtime: 6, step: 'Cut it.', type: 1 },
    ],
  },
];

const said = (id: number | string, ...replies: readonly (readonly [time: number, content: string])[]) => ({
  question_id: id,
  model_response_list: replies.map(([time, content]) => ({ role: 'assistant', time, content })),
});

async function score(lines: readonly object[], mode: Mode = 'strict', rules = {}) {
  using files = temporaryFiles();
  const outcome = await scoreFiles(
    {
      benchmark: ovoBench,
      annotations: files.write('gold.json', JSON.stringify(items)),
      predictions: files.write('pred.jsonl', lines.map((line) => JSON.stringify(line)).join('\n')),
      ...{ mode, unknown: 'fail', rules, development: null, judging: null, saveJudged: null },
    },
    { signal: new AbortController().signal },
  );
  if (outcome.type !== 'scored') throw new Error('nothing is estimated here');
  return outcome.report;
}

test('every moment of a forward question is a question of its own, asked at its time', async () => {
  using files = temporaryFiles();
  const questions = await ovoBench.readQuestions(files.write('gold.json', JSON.stringify(items)));
  expect(questions.map(({ questionId, conversation }) => [questionId, conversation[0]?.time])).toEqual([
    [7, 5],
    ['8.0', 3],
    ['9.0', 2],
    ['9.1', 6],
  ]);
  expect(questions[0]?.conversation[0]?.content).toBe(
    'What happened?\nA. It fell\nB. It rose\nAnswer with the letter of the right option.',
  );
});

test('the first reply from the moment of asking on counts', async () => {
  const lines = [
    said(7, [4, 'A'], [5, 'B'], [6, 'A']),
    said('8.0', [3, 'Twice: 2']),
    said('9.0', [2, 'No.']),
    said('9.1', [6, 'no']),
  ];
  const { values, examples } = await score(lines);
  expect(values).toEqual({ backward: 100, realtime: null, forward: 75, total: null });
  expect(examples.map(({ value }) => value)).toEqual([1, 1, 1, 0]);
});

test('silence and questions without a prediction are wrong, unless missing ones are left out', async () => {
  const { values, counts } = await score([said(7)]);
  expect(values).toMatchObject({ backward: 0, forward: 0 });
  expect(counts).toMatchObject({ nGold: 4, nMissing: 3, nSilent: 4 });
  expect((await score([said(7, [5, 'B'])], 'strict', { missing: 'skip' })).values).toMatchObject({
    backward: 100,
    forward: null,
  });
});

test('a text answer is taken as given at once', async () => {
  const line = { question_id: 7, model_response: 'B', video_duration: 9 };
  expect((await score([line], 'strict', { missing: 'skip' })).values['backward']).toBe(100);
});

test('compat finds the letter anywhere, as the published scorer does', async () => {
  const lines = [said(7, [5, 'Bananas fell'])];
  expect((await score(lines, 'compat')).values['backward']).toBe(100);
  expect((await score(lines)).values['backward']).toBe(0);
});

test.each([
  ['B', true],
  ['(b)', true],
  ['The answer is B.', true],
  ['It rose.', true],
  ['it fell', false],
  ['A or B.', false],
  ['A. B.', false],
  ['Bananas', false],
  ['', false],
])('strict mode takes %j for the option B: %s', (reply, right) => {
  expect(statesGold({ task: 't', gold: 'B', reply, options: ['It fell', 'It rose'] })).toBe(right);
});

test('an option that does not exist is refused, naming the field', async () => {
  using files = temporaryFiles();
  const file = files.write('gold.json', JSON.stringify([{ ...items[0], gt: 2 }]));
  await expect(ovoBench.readQuestions(file)).rejects.toThrow('gold.json:1: field [0].gt: is no option');
});
