import { describe, expect, test } from 'vitest';
import type { DuetSession } from '../../../server/duet/session.js';
import type { VideoFrame } from '../../../server/video/frame.js';
import { ScriptedModel } from '../../../server/runtime/scripted/scripted-model.js';
import type { Script } from '../../../server/runtime/scripted/script.js';
import { eventsOf, openSession, tokensUpTo } from '../../support/duet-session.js';
import { fakeFrames, FakeStream } from '../../support/fake-stream.js';
import { repliesIn, textsIn, watch } from './question-sessions.js';

const label = { source: 'test', samplingFps: 2, realtime: false };
/**
 * A model that follows the newest text it has heard: "above 50?" makes frames with a first byte above 50
 * worth 0.9 and others 0.1; without a text every frame is worth 0.9. Its replies name the text that it
 * follows.
 */
function followingModel(script: Script = {}): ScriptedModel {
  return new ScriptedModel({
    scores: ({ rgb }, _position, texts) => {
      const limit = /above (\d+)/.exec(texts.at(-1) ?? '')?.[1] ?? '-1';
      return { informative: (rgb[0] ?? 0) > Number(limit) ? 0.9 : 0.1, relevance: 0 };
    },
    replies: (_number, texts) => [`as to ${texts.at(-1) ?? 'nothing'}`],
    ...script,
  });
}

describe('a question that was added', () => {
  test('is recorded, heard before the next frame, and answered under its id', async () => {
    const session = await openSession(followingModel());
    await session.addQuestion('above 50?', { id: 'high', clientEventId: 'e1' });
    expect(eventsOf(session, 'question.added')).toMatchObject([
      { questionId: 'high', text: 'above 50?', threshold: null, clientEventId: 'e1' },
    ]);
    await watch(session, [20, 80]);
    expect(eventsOf(session, 'user.text.inserted')).toMatchObject([
      { questionId: 'high', text: 'above 50?', clientEventId: 'e1', videoTime: 0 },
    ]);
    expect(eventsOf(session, 'frame.scored')).toMatchObject([
      { questionId: 'high', fired: false, questions: [] },
      { questionId: 'high', fired: true, questions: [] },
    ]);
    expect(repliesIn(session)).toEqual([[0.5, 'high', 'as to above 50?']]);
    expect(eventsOf(session, 'response.started')).toMatchObject([{ questionId: 'high' }]);
  });

  test('takes the context over in which nothing was said, so one question costs one context', async () => {
    const model = followingModel();
    const session = await openSession(model);
    await watch(session, [20]);
    await session.addQuestion('above 50?');
    await watch(session, [20]);
    expect(model.contexts).toHaveLength(1);
    expect(eventsOf(session, 'frame.scored').map(({ questionId }) => questionId)).toEqual([
      null,
      'question_1',
    ]);
  });

  test('does not disturb another: each is watched for in a context of its own', async () => {
    const model = followingModel();
    const session = await openSession(model);
    await session.addQuestion('above 50?', { id: 'high' });
    await session.addQuestion('above 90?', { id: 'top' });
    await watch(session, [20, 80, 95]);
    expect(textsIn(model)).toEqual([['above 50?'], ['above 90?']]);
    expect(repliesIn(session)).toEqual([
      [0.5, 'high', 'as to above 50?'],
      [1, 'high', 'as to above 50?'],
      [1, 'top', 'as to above 90?'],
    ]);
    const [first, second, third] = eventsOf(session, 'frame.scored');
    expect(first).toMatchObject({ fired: false, questions: [{ questionId: 'high' }, { questionId: 'top' }] });
    expect(second).toMatchObject({
      ...{ questionId: 'high', fired: true, score: 0.9 },
      questions: [
        { questionId: 'high', fired: true, score: 0.9, reason: 'fired' },
        { questionId: 'top', fired: false, score: 0.1, reason: 'score_not_above_threshold' },
      ],
    });
    expect(third?.questions.map(({ fired }) => fired)).toEqual([true, true]);
  });

  test('has a threshold of its own, which frames name as the one in force', async () => {
    const scores = ({ rgb }: { rgb: Uint8Array }) => ({ informative: (rgb[0] ?? 0) / 100, relevance: 0 });
    const session = await openSession(followingModel({ scores }));
    await session.addQuestion('eager', { id: 'eager', threshold: 0.2 });
    await session.addQuestion('calm', { id: 'calm' });
    await watch(session, [30, 60]);
    expect(repliesIn(session).map(([time, id]) => [time, id])).toEqual([
      [0, 'eager'],
      [0.5, 'eager'],
      [0.5, 'calm'],
    ]);
    const [frame] = eventsOf(session, 'frame.scored');
    expect(frame?.questions.map(({ threshold }) => threshold)).toEqual([0.2, 0.5]);
  });

  test('has its own cooldown and its own repeats, but all share one budget', async () => {
    const model = followingModel({ replies: (_number, texts) => [texts.at(-1) ?? ''] });
    const session = await openSession(model, { cooldown: 10, repeatAfter: 10, replyBudget: 2 });
    for (const text of ['above 10?', 'above 20?', 'above 30?']) await session.addQuestion(text);
    await watch(session, [15, 25, 35]);
    expect(
      eventsOf(session, 'frame.scored').map(({ questions }) => questions.map(({ reason }) => reason)),
    ).toEqual([
      ['fired', 'score_not_above_threshold', 'score_not_above_threshold'],
      ['cooldown', 'fired', 'score_not_above_threshold'],
      ['cooldown', 'cooldown', 'budget_spent'],
    ]);
  });

  test('survives the renewal of its context, however much else is said', async () => {
    const model = followingModel({ capabilities: { capacity: tokensUpTo(200), evict: false } });
    const session = await openSession(model);
    await session.addQuestion('above 50?', { id: 'high' });
    await watch(session, new Array<number>(150).fill(20));
    expect(eventsOf(session, 'session.context.renewed').length).toBeGreaterThan(2);
    expect(textsIn(model)).toEqual([['above 50?']]);
    await watch(session, [80]);
    expect(repliesIn(session).at(-1)).toEqual([0, 'high', 'as to above 50?']);
  });

  test('survives eviction by windows', async () => {
    const windows = { memory: 'windows', window: 5 } as const;
    const session = await openSession(followingModel({ capabilities: { evict: true } }), windows);
    await session.addQuestion('above 50?', { id: 'high' });
    await watch(session, [...new Array<number>(200).fill(20), 80]);
    expect(eventsOf(session, 'session.context.evicted').length).toBeGreaterThan(0);
    expect(repliesIn(session)).toEqual([[100, 'high', 'as to above 50?']]);
  });

  test('is answered at once while the video stands still, and only it', async () => {
    const session = await openSession(followingModel());
    await session.addQuestion('above 50?', { id: 'high' });
    await watch(session, [80]);
    await session.addQuestion('above 60?', { id: 'higher' });
    await session.lookAgain();
    expect(repliesIn(session).map(([, id]) => id)).toEqual(['high', 'higher']);
    expect(eventsOf(session, 'frame.scored').at(-1)).toMatchObject({ questionId: 'higher', questions: [] });
  });

  test('cancels a reply that is being made, if the user may interrupt', async () => {
    let session: DuetSession | null = null;
    async function* slowly(): AsyncGenerator<string> {
      yield 'first ';
      await session?.addQuestion('above 50?');
      yield 'second';
    }
    const model = followingModel({ replies: (number) => (number === 0 ? slowly() : ['done']) });
    session = await openSession(model);
    await watch(session, [80, 80]);
    expect(eventsOf(session, 'response.done').map(({ status }) => status)).toEqual([
      'cancelled',
      'completed',
    ]);
  });
});

describe('a question that was removed', () => {
  test('is answered no more, and the others are', async () => {
    const model = followingModel();
    const session = await openSession(model);
    await session.addQuestion('above 50?', { id: 'high' });
    await session.addQuestion('above 90?', { id: 'top' });
    await watch(session, [95]);
    await session.removeQuestion('high', 'e9');
    expect(eventsOf(session, 'question.removed')).toMatchObject([
      { questionId: 'high', clientEventId: 'e9' },
    ]);
    await watch(session, [95]);
    expect(repliesIn(session).map(([, id]) => id)).toEqual(['high', 'top', 'top']);
    expect(textsIn(model)).toEqual([['above 90?']]);
    expect(session.questions).toEqual([{ questionId: 'top', text: 'above 90?', threshold: null }]);
  });

  test('is never heard if it was not yet', async () => {
    const model = followingModel();
    const session = await openSession(model);
    await session.addQuestion('above 50?', { id: 'high' });
    await session.removeQuestion('high');
    await watch(session, [20]);
    expect(textsIn(model)).toEqual([[]]);
    expect(eventsOf(session, 'user.text.inserted')).toEqual([]);
  });

  test('was the last one: the model narrates again, and remembers what it has seen', async () => {
    const model = followingModel();
    const session = await openSession(model);
    await session.addQuestion('above 50?');
    await watch(session, [20]);
    await session.removeQuestion('question_1');
    await watch(session, [20]);
    expect(repliesIn(session)).toEqual([[0, null, 'as to nothing']]);
    expect(model.contexts.map(({ entries }) => entries.map(({ type }) => type))).toEqual([
      ['system', 'frame', 'frame'],
    ]);
  });

  test('while its reply is being made, is forgotten after it', async () => {
    let session: DuetSession | null = null;
    let removed: Promise<void> | undefined;
    const model = followingModel({
      replies: () => {
        removed ??= session?.removeQuestion('high');
        return ['done'];
      },
    });
    session = await openSession(model);
    await session.addQuestion('above 50?', { id: 'high' });
    await watch(session, [80, 80]);
    await removed;
    expect(repliesIn(session).map(([, id]) => id)).toEqual(['high', null]);
  });

  test('is refused by an id that none has, naming those that stand', async () => {
    const session = await openSession(followingModel());
    await expect(session.removeQuestion('x')).rejects.toThrow(
      'No question with the id "x" stands; none does',
    );
    await session.addQuestion('a', { id: 'one' });
    await expect(session.removeQuestion('x')).rejects.toMatchObject({
      ...{ code: 'not_found', message: expect.stringContaining('these do: one') as string },
    });
  });
});

describe('what the user says', () => {
  test('is a question of the conversation, with an id of its own, and can be removed', async () => {
    const model = followingModel();
    const session = await openSession(model);
    session.addUserText('above 50?');
    session.addUserText('above 90?');
    await watch(session, [80]);
    expect(textsIn(model)).toEqual([['above 50?', 'above 90?']]);
    expect(session.questions.map(({ questionId }) => questionId)).toEqual(['question_1', 'question_2']);
    await session.removeQuestion('question_2');
    await watch(session, [80]);
    expect(textsIn(model)).toEqual([['above 50?']]);
    expect(repliesIn(session)).toEqual([[0, 'question_1', 'as to above 50?']]);
  });

  test('has replies without a question while several texts stand that the model does not tell apart', async () => {
    const session = await openSession(followingModel());
    session.addUserText('What is there?');
    await watch(session, [80]);
    session.addUserText('And now?');
    await watch(session, [80]);
    expect(repliesIn(session).map(([, id]) => id)).toEqual(['question_1', null]);
  });

  test('is heard apart from the questions that were added', async () => {
    const model = followingModel();
    const session = await openSession(model);
    await session.addQuestion('above 90?', { id: 'top' });
    session.addUserText('above 50?');
    await watch(session, [80]);
    expect(textsIn(model)).toEqual([['above 90?'], ['above 50?']]);
    expect(repliesIn(session)).toEqual([[0, 'question_1', 'as to above 50?']]);
  });

  test('gives way to the newest eight, and says so', async () => {
    const session = await openSession(followingModel());
    for (let number = 0; number < 10; number++) session.addUserText(`text ${number}`);
    await watch(session, [20]);
    expect(session.questions.map(({ text }) => text)).toEqual(
      [2, 3, 4, 5, 6, 7, 8, 9].map((each) => `text ${each}`),
    );
    expect(eventsOf(session, 'question.removed')).toMatchObject([
      ...[{ questionId: 'question_1', clientEventId: null }, { questionId: 'question_2' }],
    ]);
  });
});

test('a frame in the middle of a batch cuts all contexts back, and what follows is scored again in all', async () => {
  const model = followingModel();
  const session = await openSession(model, { batchLimit: 4 });
  await session.addQuestion('above 50?', { id: 'high' });
  await session.addQuestion('above 90?', { id: 'top' });
  const frames: readonly VideoFrame[] = fakeFrames([20, 80, 95, 20]);
  await session.watch(new FakeStream(frames), { ...label, wholeBatches: true });
  expect(eventsOf(session, 'frame.scored').map(({ frameIndex }) => frameIndex)).toEqual([0, 1, 2, 3]);
  for (const { entries } of model.contexts) {
    const seen = entries.flatMap((entry) => (entry.type === 'frame' ? [entry.picture.rgb[0]] : []));
    expect(seen).toEqual([20, 80, 95, 20]);
  }
});

test('a session that is closed frees the contexts of all questions', async () => {
  const model = followingModel();
  const session = await openSession(model);
  for (const text of ['a', 'b', 'c']) await session.addQuestion(text);
  await watch(session, [20]);
  await session.close('done');
  expect(model.contexts).toHaveLength(3);
  expect(model.contexts.every(({ closed }) => closed)).toBe(true);
});
