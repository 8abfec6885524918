import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import {
  majorityAnswer,
  uniformInterval,
  type Baseline,
} from '../../../server/scoring/runner/play/baselines.js';
import { questionPlayer } from '../../../server/scoring/runner/play/play-question.js';
import type { Played } from '../../../server/scoring/data/played.js';
import { jobOf } from '../../../server/scoring/runner/queue/bench-job.js';
import type { Question } from '../../../server/scoring/data/question.js';
import { ScriptedModel } from '../../../server/runtime/scripted/scripted-model.js';
import { playSettings } from './recorded-run.js';

const clips = dirname(fileURLToPath(new URL('../../../samples/clips/kitchen.mp4', import.meta.url)));
const never = new AbortController().signal;

/** A question on a bundled clip with answers at the given spans. */
function asked(...spans: [number, number][]): Question {
  const gold = spans.map((span, index) => ({ span, content: `answer ${index}` }));
  const conversation = [{ time: 0, content: 'What?' }];
  return { questionId: 'q', video: 'kitchen.mp4', conversation, gold, tags: {} };
}

/**
 * Plays twelve frames, one each half second, with a model that by itself speaks after all or none of them.
 */
async function playUnder(
  baseline: Baseline | null,
  question: Question,
  eager = false,
): Promise<{ readonly played: Played; readonly model: ScriptedModel }> {
  const score = eager ? 1 : 0;
  const model = new ScriptedModel({ scores: [{ informative: score, relevance: score }] });
  const settings = { ...playSettings({ cooldown: 3 }), maxFrames: 12, baseline };
  const ffmpegPolicy = { trustedSource: true, allowBundled: true };
  const outcome = await questionPlayer({ model, videos: [clips], settings, ffmpegPolicy })(question, never);
  if (outcome.type !== 'played') throw new Error(outcome.reason);
  return { played: outcome.played, model };
}

/** After which of the frames, two a second, it spoke. */
async function framesSpokenAt(baseline: Baseline | null, question: Question, eager = false) {
  const { played } = await playUnder(baseline, question, eager);
  const times = played.frames.map(([time]) => time);
  return played.replies.map(({ time }) => times.indexOf(time));
}

describe('the session that serves users speaks when a baseline says so', () => {
  test('after every frame, without a rest and whatever the scores', async () => {
    const frames = await framesSpokenAt({ type: 'every-frame' }, asked());
    expect(frames).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  test.each([
    [2, [2, 6, 10]],
    [1.3, [1, 4, 6, 9]],
    [0.5, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]],
    [60, []],
  ])('in the middle of every %d s', async (interval, frames) => {
    expect(await framesSpokenAt({ type: 'uniform', interval }, asked(), true)).toEqual(frames);
  });

  test('once at the frame nearest to the middle of every gold span, and never else', async () => {
    const question = asked([0, 2], [2.1, 2.5], [2.1, 2.7], [4, 5.4], [5, 90]);
    expect(await framesSpokenAt({ type: 'oracle-times' }, question, true)).toEqual([2, 5, 9]);
  });

  test('a question that nothing answers is met with silence', async () => {
    expect(await framesSpokenAt({ type: 'oracle-times' }, asked(), true)).toEqual([]);
  });

  test('the scores of the frames are recorded as ever', async () => {
    const { played } = await playUnder({ type: 'oracle-times' }, asked([0, 2]), true);
    expect(played.frames.map(([, ...scores]) => scores)).toEqual(Array.from({ length: 12 }, () => [1, 1]));
    expect(played.replies.map(({ content }) => content)).toEqual(['reply 0']);
  });

  test('without a baseline the policy and its cooldown decide', async () => {
    expect(await framesSpokenAt(null, asked([0, 2]), true)).toEqual([0, 6]);
  });
});

test('the majority answer is given in the exact middle of every gold span, without a model', async () => {
  const question = asked([4, 5], [0, 2.5], [4.25, 4.75]);
  const { played, model } = await playUnder({ type: 'majority', answer: 'A cat.' }, question);
  expect(played.replies).toEqual([
    { time: 1.25, content: 'A cat.', delivery_time: 1.25 },
    { time: 4.5, content: 'A cat.', delivery_time: 4.5 },
  ]);
  expect(played.frames).toEqual([]);
  expect(played.video_duration).toBeGreaterThan(10);
  expect(model.heard).toEqual([]);
});

test('a video that is missing is unplayable without a model too', async () => {
  const settings = { ...playSettings(), baseline: { type: 'majority', answer: 'A cat.' } as const };
  const ffmpegPolicy = { trustedSource: true, allowBundled: true };
  const play = questionPlayer({ model: new ScriptedModel(), videos: [clips], settings, ffmpegPolicy });
  expect(await play({ ...asked([0, 1]), video: 'nowhere.mp4' }, never)).toMatchObject({
    type: 'unplayable',
  });
});

describe('what is taken from the annotations', () => {
  const answering = (...contents: string[]): Question => ({
    ...asked(),
    gold: contents.map((content) => ({ span: [0, 1], content })),
  });

  test('the majority answer is the commonest, and the first of equals', () => {
    expect(majorityAnswer([answering('a', 'b'), answering('b')])).toBe('b');
    expect(majorityAnswer([answering('c', 'a'), answering('a', 'c')])).toBe('c');
    expect(() => majorityAnswer([answering()])).toThrow(/--baseline majority needs gold answers/);
  });

  test('uniform times come as often as gold answers that begin while somebody watches', () => {
    const watched = [
      { question: asked([0, 1], [8, 9], [20, 21]), seconds: 10 },
      { question: asked([3, 4]), seconds: 5 },
    ];
    expect(uniformInterval(watched, 2)).toBe(5);
  });

  test('they never come more often than frames do', () => {
    const many = asked(...Array.from({ length: 100 }, (): [number, number] => [0, 1]));
    expect(uniformInterval([{ question: many, seconds: 10 }], 2)).toBe(0.5);
  });

  test('without gold answers there is no rate', () => {
    expect(() => uniformInterval([{ question: asked(), seconds: 10 }], 2)).toThrow(/uniform:5/);
  });
});

test('a worker is told the gold spans only where a baseline plays from them', () => {
  const question = asked([0, 1]);
  expect(jobOf(question, playSettings()).question.gold).toEqual([]);
  const job = jobOf(question, { ...playSettings(), baseline: { type: 'oracle-times' } });
  expect(job.question.gold).toEqual(question.gold);
  expect(job.settings.baseline).toEqual({ type: 'oracle-times' });
});
