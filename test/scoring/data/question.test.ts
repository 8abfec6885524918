import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pathWithin } from '../../../server/scoring/runner/play/find-video.js';
import { readQuestions } from '../../../server/scoring/data/question.js';
import { freshFolder } from '../runner/recorded-run.js';

function fileWith(...items: unknown[]): string {
  const file = join(freshFolder(), 'annotations.json');
  writeFileSync(file, JSON.stringify(items));
  return file;
}

const said = [{ role: 'user', content: 'What happens?', time: 3 }];

test.each([
  [
    'MAGQA',
    {
      question_id: 'a.1.mp4',
      video: 'a.mp4',
      conversation: said,
      answer: [{ content: 'A cat.', time: [1, 2] }],
    },
    { questionId: 'a.1.mp4', video: 'a.mp4', gold: [{ span: [1, 2], content: 'A cat.' }] },
  ],
  [
    'Charades-STA',
    { question_id: 7, video: 'b.mp4', conversation: said, timestamps: [[4, 5]] },
    { questionId: 7, video: 'b.mp4', gold: [{ span: [4, 5], content: '' }] },
  ],
  [
    'QVHighlights',
    { qid: 8, vid: 'c_0_150', query: 'A dog runs', duration: 150, relevant_windows: [[0, 4]] },
    { questionId: 8, video: 'c_0_150.mp4', gold: [{ span: [0, 4], content: '' }] },
  ],
  [
    'ProactiveVideoQA',
    {
      ...{ question_id: 'd', video: 'd.mp4', question: 'Who comes?' },
      answer: [{ content: 'He.', related_timespan: [1, 2], reply_timespan: [1, 5] }],
    },
    { questionId: 'd', video: 'd.mp4', gold: [{ span: [1, 2], content: 'He.' }] },
  ],
])('a question of %s is read', async (_name, item, expected) => {
  const [question] = await readQuestions(fileWith(item));
  expect(question).toMatchObject(expected);
});

test('user turns are played in time order, and assistant turns are left out', async () => {
  const conversation = [
    { role: 'user', content: 'And now?', time: 9 },
    { role: 'assistant', content: 'A cat.', time: 4 },
    { content: 'What happens?' },
  ];
  const [question] = await readQuestions(fileWith({ question_id: 'a', video: 'a.mp4', conversation }));
  expect(question?.conversation).toEqual([
    { time: 0, content: 'What happens?' },
    { time: 9, content: 'And now?' },
  ]);
});

test.each([
  ['no video', [{ question_id: 'a' }], /annotations\.json:1: field \[0\]\.video: is missing/],
  ['no id', [{ video: 'a.mp4' }], /field \[0\]\.question_id: is missing/],
  [
    'an id that stands twice',
    [
      { question_id: 'a', video: 'a.mp4' },
      { question_id: 'a', video: 'b.mp4' },
    ],
    /a is annotated twice/,
  ],
  [
    'a turn before the beginning',
    [{ question_id: 'a', video: 'a.mp4', conversation: [{ content: 'x', time: -1 }] }],
    /conversation\[0\]\.time/,
  ],
  ['nothing at all', [], /holds no questions/],
])('a file with %s is refused, naming the place', async (_name, items, message) => {
  await expect(readQuestions(fileWith(...items))).rejects.toThrow(message);
});

test.each(['../secret.mp4', '/etc/passwd', 'a/../../b.mp4', '', '.'])(
  'the video %j is not looked for outside the folder of videos',
  (name) => {
    expect(() => pathWithin('/videos', name)).toThrow(/is outside/);
  },
);

test('a video in a folder of its own is found', () => {
  expect(pathWithin('/videos', 'kitchen/1.mp4')).toBe(join('/videos', 'kitchen', '1.mp4'));
});
