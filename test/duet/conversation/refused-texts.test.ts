import { expect, test } from 'vitest';
import { DuetError } from '../../../server/errors.js';
import { nothingRecorded, recordedAfter } from '../../../server/duet/record/recorded-state.js';
import { replaySession } from '../../../server/duet/replay/replay-session.js';
import { DuetSession } from '../../../server/duet/session.js';
import type { HeardCall } from '../../../server/runtime/scripted/script.js';
import { ScriptedModel } from '../../../server/runtime/scripted/scripted-model.js';
import { eventsOf, openSession, tokensUpTo } from '../../support/duet-session.js';
import { fakeFrames, FakeStream } from '../../support/fake-stream.js';
import { repliesIn, textsIn, watch } from './question-sessions.js';

const refusal = { code: 'unsupported', message: 'the model does not read this: write it otherwise' } as const;

/** A model that finds every frame worth a reply, and takes no text with "rude" in it. */
function politeModel(before?: (call: HeardCall) => void): ScriptedModel {
  return new ScriptedModel({
    scores: () => ({ informative: 0.9, relevance: 0 }),
    replies: (_number, texts) => [`as to ${texts.at(-1) ?? 'nothing'}`],
    before: (call) => {
      before?.(call);
      if (call.type !== 'user' || !call.text.includes('rude')) return;
      throw new DuetError(refusal.code, refusal.message);
    },
  });
}

/** What happened to texts and sources, in order. */
function courseOf(session: DuetSession): readonly string[] {
  return session.log.snapshot().flatMap(({ type }) => (/^(user|source|question)\./.test(type) ? [type] : []));
}

test('a text that the model refuses is told with the reason, and the video goes on', async () => {
  const model = politeModel();
  const session = await openSession(model);
  session.addUserText('rude', { clientEventId: 'e1', videoTime: 0.5 });
  session.addUserText('kind', { videoTime: 0.5 });
  await watch(session, [1, 2, 3]);
  expect(eventsOf(session, 'user.text.refused')).toMatchObject([
    { ...refusal, questionId: null, text: 'rude', clientEventId: 'e1', requestedTime: 0.5, videoTime: 0.5 },
  ]);
  expect(courseOf(session)).toEqual([
    'source.opened',
    'user.text.inserted',
    'user.text.refused',
    'source.ended',
  ]);
  expect(repliesIn(session).map(([, id]) => id)).toEqual([null, 'question_1', 'question_1']);
  expect([textsIn(model), session.waitingTexts]).toEqual([[['kind']], 0]);
  expect(session.questions.map(({ text }) => text)).toEqual(['kind']);
});

test('a refused text pushes none of the eight aside that stand', async () => {
  const session = await openSession(politeModel());
  for (let number = 0; number < 8; number++) session.addUserText(`text ${number}`);
  session.addUserText('rude');
  await watch(session, [1]);
  expect(session.questions).toHaveLength(8);
  expect(eventsOf(session, 'question.removed')).toEqual([]);
});

test('a question that its own context refuses is removed, and that context is given back', async () => {
  const model = politeModel();
  const session = await openSession(model);
  await session.addQuestion('kind', { id: 'kind' });
  await session.addQuestion('rude', { id: 'rude', clientEventId: 'e2' });
  await watch(session, [1]);
  expect(courseOf(session)).toEqual([
    ...['question.added', 'question.added', 'source.opened', 'user.text.inserted'],
    ...['user.text.refused', 'question.removed', 'source.ended'],
  ]);
  expect(eventsOf(session, 'user.text.refused')).toMatchObject([{ questionId: 'rude', clientEventId: 'e2' }]);
  expect(eventsOf(session, 'question.removed')).toMatchObject([{ questionId: 'rude', clientEventId: null }]);
  expect(session.questions.map(({ questionId }) => questionId)).toEqual(['kind']);
  expect(model.contexts.map(({ closed }) => closed)).toEqual([false, true]);
  expect(repliesIn(session).map(([, id]) => id)).toEqual(['kind']);
});

test('a refused question leaves the conversation its context', async () => {
  const model = politeModel();
  const session = await openSession(model);
  await session.addQuestion('rude');
  await watch(session, [1]);
  session.addUserText('kind');
  await watch(session, [1]);
  expect(textsIn(model)).toEqual([['kind']]);
  expect(repliesIn(session).map(([, id]) => id)).toEqual([null, 'question_2']);
});

test('one for which no context can be opened is refused as well', async () => {
  const full = new DuetError('model_failed', 'no memory is left for another context');
  const model = politeModel((call) => {
    if (call.type === 'open' && call.context === 1) throw full;
  });
  const session = await openSession(model);
  await session.addQuestion('first', { id: 'first' });
  await session.addQuestion('second', { id: 'second' });
  await watch(session, [1, 2]);
  expect(eventsOf(session, 'user.text.refused')).toMatchObject([
    { questionId: 'second', code: 'model_failed', message: full.message },
  ]);
  expect(eventsOf(session, 'source.ended')).toMatchObject([{ frames: 2 }]);
});

test('while the video stands still, a refused text ends nothing and is not tried again', async () => {
  const model = politeModel();
  const session = await openSession(model);
  await watch(session, [1]);
  session.addUserText('rude');
  await session.lookAgain();
  await session.lookAgain();
  expect(eventsOf(session, 'user.text.refused')).toMatchObject([{ text: 'rude', videoTime: 0 }]);
  expect(model.heard.filter(({ type }) => type === 'user')).toHaveLength(1);
  expect(eventsOf(session, 'frame.scored')).toHaveLength(1);
});

test('texts that fit when they came but not together are refused one by one', async () => {
  const model = new ScriptedModel({
    capabilities: { severalQuestions: true, capacity: { ...tokensUpTo(200), textByte: null } },
  });
  const session = await openSession(model);
  for (const id of ['a', 'b', 'c']) await session.addQuestion('word '.repeat(50), { id });
  await watch(session, new Array<number>(50).fill(1));
  expect(eventsOf(session, 'user.text.refused')).toMatchObject([
    {
      questionId: 'c',
      code: 'context_full',
      message: expect.stringContaining('remove a question') as string,
    },
  ]);
  expect(eventsOf(session, 'source.ended')).toMatchObject([{ frames: 50, reason: 'finished' }]);
});

test('a model that has failed ends the source, and the texts go on waiting', async () => {
  const model = politeModel(({ type }) => {
    if (type !== 'open') throw new DuetError('model_failed', 'the worker crashed');
  });
  const session = await openSession(model);
  await session.addQuestion('kind', { id: 'kind' });
  await expect(watch(session, [1])).rejects.toMatchObject({ code: 'model_failed' });
  expect(courseOf(session)).toEqual(['question.added', 'source.opened', 'source.failed']);
  expect([session.waitingTexts, session.questions.length]).toEqual([1, 1]);
});

test('a source that is stopped while a text is inserted does not lose the text', async () => {
  let session: DuetSession | null = null;
  const model = politeModel((call) => {
    if (call.type === 'user') void session?.stopSource();
  });
  session = await openSession(model);
  session.addUserText('kind');
  await watch(session, [1, 2]);
  expect([session.waitingTexts, courseOf(session)]).toEqual([1, ['source.opened', 'source.ended']]);
});

test('a reply for which the context has no room fails, and the video goes on', async () => {
  const model = politeModel(({ type }) => {
    if (type === 'reply') throw new DuetError('context_full', 'no room for a reply');
  });
  const session = await openSession(model, { cooldown: 10 });
  await session.watch(new FakeStream(fakeFrames([1, 2, 3])), {
    ...{ source: 'test', samplingFps: 2, realtime: false },
  });
  expect(eventsOf(session, 'response.done')).toMatchObject([{ status: 'failed' }]);
  expect(eventsOf(session, 'source.ended')).toMatchObject([{ frames: 3, reason: 'finished' }]);
});

test('a record with refusals is replayed with the same decisions and the same ids', async () => {
  const session = await openSession(politeModel());
  await session.addQuestion('kind');
  await session.addQuestion('rude');
  session.addUserText('rude, too');
  session.addUserText('hello');
  await watch(session, [1, 2]);
  await session.removeQuestion('question_1', 'gone');
  await watch(session, [3]);
  const replay = replaySession(session.log.history(), { change: () => ({}) });
  const replayed: (string | null)[] = [];
  let next = await replay.next();
  for (; next.done !== true; next = await replay.next()) {
    if (next.value.type === 'response.done') replayed.push(next.value.questionId);
  }
  expect(next.value).toMatchObject({ frames: 3, sameDecisions: 3 });
  expect(replayed).toEqual(repliesIn(session).map(([, id]) => id));
  expect(new Set(replayed)).toEqual(new Set(['question_1', 'question_3']));
});

test('what another model refuses when a session is opened again is told and stands no more', async () => {
  const before = await openSession(new ScriptedModel());
  await before.addQuestion('rude', { id: 'rude' });
  await before.addQuestion('kind', { id: 'kind' });
  const recorded = before.log.snapshot().reduce(recordedAfter, nothingRecorded);
  const after = await DuetSession.open({
    ...{ id: 'test', model: politeModel(), settings: before.settings, now: () => 0 },
    reopening: { recorded, awayMs: 5, lostEvents: 0, source: null },
  });
  expect(eventsOf(after, 'user.text.refused')).toMatchObject([{ questionId: 'rude', ...refusal }]);
  expect(eventsOf(after, 'session.reopened')).toMatchObject([{ keptTexts: 1 }]);
  expect(after.log.snapshot().reduce(recordedAfter, recorded).questions).toMatchObject([
    { questionId: 'kind' },
  ]);
});
