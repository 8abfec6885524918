import { expect, test } from 'vitest';
import { streamingBench } from '../../../../server/scoring/benchmarks/streamingbench/streamingbench.js';
import type { Mode } from '../../../../server/scoring/mode.js';
import { scoreFiles } from '../../../../server/scoring/score.js';
import { temporaryFiles } from '../../support/temporary-files.js';

const items = [
  {
    video_path: 'a.mp4',
    questions: [
      {
        ...{ task_type: 'Object', question: 'What is it?', time_stamp: '00:00:04' },
        ...{ options: ['A. a cup', 'B. a hat'], answer: 'B' },
      },
      {
        ...{ task_type: 'Proactive Output', question: 'Say GOAL when they score.', time_stamp: '00:00:05' },
        ...{ ground_truth_time_stamp: '00:01:10', ground_truth_output: 'GOAL' },
      },
    ],
  },
];

const said = (id: string, time: number, content: string) => ({
  question_id: id,
  model_response_list: [{ role: 'assistant', time, content }],
});

async function score(lines: readonly object[], mode: Mode = 'strict', rules = {}) {
  using files = temporaryFiles();
  const outcome = await scoreFiles(
    {
      benchmark: streamingBench,
      annotations: files.write('gold.json', JSON.stringify(items)),
      predictions: files.write('pred.jsonl', lines.map((line) => JSON.stringify(line)).join('\n')),
      ...{ mode, unknown: 'fail', rules, development: null, judging: null, saveJudged: null },
    },
    { signal: new AbortController().signal },
  );
  if (outcome.type !== 'scored') throw new Error('nothing is estimated here');
  return outcome.report;
}

test('questions are named by their place, asked at their time, and their options lettered once', async () => {
  using files = temporaryFiles();
  const questions = await streamingBench.readQuestions(files.write('gold.json', JSON.stringify(items)));
  expect(questions.map(({ questionId, conversation }) => [questionId, conversation[0]?.time])).toEqual([
    ['0.0', 4],
    ['0.1', 5],
  ]);
  expect(questions[0]?.conversation[0]?.content).toContain('What is it?\nA. a cup\nB. a hat\n');
});

test.each([
  [69, 'GOAL!', { proactive_time: 100, proactive_answer: 100 }],
  [72, 'goal', { proactive_time: 100, proactive_answer: 0 }],
  [73, 'GOAL!', { proactive_time: 0, proactive_answer: 0 }],
])('an output at %d s that says %j comes to %j', async (time, content, expected) => {
  const report = await score([said('0.0', 4.5, 'B'), said('0.1', time, content)]);
  expect(report.values).toEqual({ accuracy: 100, ...expected });
});

test('the tolerance is a rule', async () => {
  const report = await score([said('0.1', 73, 'GOAL!')], 'strict', { tolerance: 3, missing: 'skip' });
  expect(report.values).toEqual({ accuracy: null, proactive_time: 100, proactive_answer: 100 });
});

test('compat looks at the first character only, as the published counter does', async () => {
  const lines = [said('0.0', 4, 'Bananas')];
  expect((await score(lines, 'compat')).values['accuracy']).toBe(100);
  expect((await score(lines)).values['accuracy']).toBe(0);
});
