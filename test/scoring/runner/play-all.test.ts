import { expect, test } from 'vitest';
import { playHere } from '../../../server/scoring/runner/runs/run.js';
import type { QuestionOutcome } from '../../../server/scoring/data/played.js';
import { playRandomly, playSettings, questions } from './recorded-run.js';

const never = new AbortController().signal;

test('no more than the limit are under way, and all are played', async () => {
  let running = 0;
  let most = 0;
  const play = async (question: Parameters<typeof playRandomly>[0]): Promise<QuestionOutcome> => {
    running += 1;
    most = Math.max(most, running);
    await new Promise(setImmediate);
    running -= 1;
    return { type: 'played', played: playRandomly(question, playSettings()) };
  };
  const seen = [];
  for await (const outcome of playHere(play, 3)(questions(10), never)) seen.push(outcome.type);
  expect(seen).toHaveLength(10);
  expect(most).toBe(3);
});

test('a slow question does not hold up the others', async () => {
  const gate: { open?: () => void } = {};
  const slow = new Promise<void>((resolve) => (gate.open = resolve));
  const play = async (question: Parameters<typeof playRandomly>[0]): Promise<QuestionOutcome> => {
    if (question.questionId === 'q0.mp4') await slow;
    return { type: 'unplayable', questionId: question.questionId, reason: 'none' };
  };
  const seen: unknown[] = [];
  for await (const outcome of playHere(play, 2)(questions(5), never)) {
    if (outcome.type === 'unplayable') seen.push(outcome.questionId);
    if (seen.length === 4) gate.open?.();
  }
  expect(seen).toEqual(['q1.mp4', 'q2.mp4', 'q3.mp4', 'q4.mp4', 'q0.mp4']);
});

test('a failure ends the run, and aborts and awaits what is under way', async () => {
  let ended = 0;
  const play = (
    question: Parameters<typeof playRandomly>[0],
    signal: AbortSignal,
  ): Promise<QuestionOutcome> => {
    if (question.questionId === 'q2.mp4') return Promise.reject(new Error('the model broke'));
    return new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        ended += 1;
        reject(new Error('aborted'));
      });
    });
  };
  await expect(async () => {
    for await (const outcome of playHere(play, 3)(questions(9), never)) expect(outcome).toBeUndefined();
  }).rejects.toThrow('the model broke');
  expect(ended).toBe(2);
});
