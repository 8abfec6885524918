import { expect, test } from 'vitest';
import { emptyJudgeTally } from '../../../../server/scoring/judges/asking/judge-settings.js';
import {
  rememberReplies,
  shareRequests,
} from '../../../../server/scoring/judges/asking/remembered-replies.js';
import type { Judge, JudgeReply } from '../../../../server/scoring/judges/judge.js';
import { caseOf } from '../judge-setup.js';

/** A judge that replies with the prediction, in time or later, and records what it was asked. */
function hearingJudge(delayOf: (prediction: string) => Promise<void> = () => Promise.resolve()) {
  const heard: string[] = [];
  const judge: Judge = {
    id: 'hearing',
    comparable: false,
    promptHash: null,
    rate: async ({ prediction }, rubric) => {
      heard.push(`${rubric} ${prediction}`);
      await delayOf(prediction);
      return prediction;
    },
  };
  return { judge, heard };
}

test('asks once about every case and rubric, and tells of each reply once', async () => {
  const { judge, heard } = hearingJudge();
  const told: JudgeReply[] = [];
  const remembering = rememberReplies(judge, ({ reply }) => told.push(reply));
  const ask = (prediction: string, rubric: 'agreement' | 'coverage' = 'agreement') =>
    remembering.judge.rate(caseOf(prediction), rubric);
  const replies = await Promise.all([ask('1'), ask('1'), ask('2'), ask('1', 'coverage')]);
  expect(replies).toEqual(['1', '1', '2', '1']);
  expect(await ask('2')).toBe('2');
  expect(heard).toEqual(['agreement 1', 'agreement 2', 'coverage 1']);
  expect(told).toHaveLength(3);
});

test('lists rated cases in the order asked, whichever reply came first', async () => {
  let reply = (): void => undefined;
  const later = new Promise<void>((resolve) => {
    reply = resolve;
  });
  const { judge } = hearingJudge((prediction) => (prediction === 'slow' ? later : Promise.resolve()));
  const remembering = rememberReplies(judge, () => undefined);
  const slow = remembering.judge.rate(caseOf('slow'), 'agreement');
  await remembering.judge.rate(caseOf('fast'), 'agreement');
  expect(remembering.rated().map(({ reply }) => reply)).toEqual(['fast']);
  reply();
  await slow;
  expect(remembering.rated().map(({ reply }) => reply)).toEqual(['slow', 'fast']);
});

test('asks again about a case whose request failed', async () => {
  let failures = 1;
  const { judge, heard } = hearingJudge(() => {
    failures -= 1;
    return failures >= 0 ? Promise.reject(new Error('busy')) : Promise.resolve();
  });
  const remembering = rememberReplies(judge, () => undefined);
  await expect(remembering.judge.rate(caseOf('4'), 'agreement')).rejects.toThrow('busy');
  expect(remembering.rated()).toEqual([]);
  expect(await remembering.judge.rate(caseOf('4'), 'agreement')).toBe('4');
  expect(heard).toHaveLength(2);
});

test('shares a request only while it is under way, and counts the cases that were spared', async () => {
  const { judge, heard } = hearingJudge();
  const tally = emptyJudgeTally();
  const shared = shareRequests(judge, tally);
  const ask = () => shared.rate(caseOf('4'), 'agreement');
  expect(await Promise.all([ask(), ask(), ask()])).toEqual(['4', '4', '4']);
  expect([heard.length, tally.shared]).toEqual([1, 2]);
  await ask();
  expect([heard.length, tally.shared]).toEqual([2, 2]);
});
