import { expect, test } from 'vitest';
import type { SessionEvent } from '../../../server/duet/record/events.js';
import { ChosenQuestions } from '../../../server/transport/sessions/chosen-questions.js';

const envelope = { seq: 1, videoTime: 0, elapsedMs: 0 };

function asked(questionId: string, text: string): SessionEvent {
  return { type: 'question.added', ...envelope, questionId, text, threshold: null, clientEventId: null };
}

function reply(questionId: string | null): SessionEvent {
  return { type: 'response.started', ...envelope, responseId: 'r', questionId, frameIndex: 0 };
}

const session = [
  asked('question_1', 'How many  people are there? '),
  asked('question_2', 'If a person comes in, say so.'),
  asked('question_3', 'Is there a cat?'),
  asked('question_4', 'Is there a cat on the table?'),
];
const ids = ['question_1', 'question_2', 'question_3', 'question_4'];

test.each<[readonly string[], readonly string[], readonly string[]]>([
  [['question_2'], ['question_2'], []],
  [['how many people are there'], ['question_1'], []],
  [['HOW MANY, question_3'], ['question_1', 'question_3'], []],
  [['If a person comes in, say so'], ['question_2'], []],
  [['is there'], ['question_3', 'question_4'], []],
  [['Is there a cat?'], ['question_3'], []],
  [['is there a cat on'], ['question_4'], []],
  [['people are there'], [], ['people are there']],
  [['how many,dogs', 'Is a dog, or a wolf, there?'], ['question_1'], ['dogs', 'Is a dog, or a wolf, there?']],
  [['?'], [], ['?']],
])('%j means %j, and %j is unknown', (choices, meant, unknown) => {
  const questions = new ChosenQuestions(choices);
  for (const event of session) questions.hear(event);
  expect(ids.filter((id) => questions.includes(reply(id)))).toEqual(meant);
  expect(questions.unknown).toEqual(unknown);
  expect(questions.includes(reply(null))).toBe(false);
  expect(questions.includes({ type: 'source.stalled', ...envelope, silentSeconds: 1 })).toBe(true);
});

test('an id is met before its question is known, and a text once it is asked', () => {
  const questions = new ChosenQuestions(['question_9', 'where']);
  expect(questions.includes(reply('question_9'))).toBe(true);
  expect(questions.includes(reply('question_5'))).toBe(false);
  questions.hear(asked('question_5', 'Where is the dog?'));
  expect(questions.includes(reply('question_5'))).toBe(true);
  expect(questions.unknown).toEqual(['question_9']);
});

test('of many questions the newest are compared, and few are told, cut', () => {
  const questions = new ChosenQuestions(['x']);
  for (let number = 0; number < 1200; number += 1) questions.hear(asked(`q${number}`, `x${number}`));
  questions.hear(asked('long', 'y'.repeat(100_000)));
  expect([questions.includes(reply('q100')), questions.includes(reply('q1100'))]).toEqual([false, true]);
  expect(questions.newestTexts).toHaveLength(10);
  expect(questions.newestTexts.at(-1)).toBe(`${'y'.repeat(100)}…`);
});
