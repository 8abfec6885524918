import { join } from 'node:path';
import { expect, test } from 'vitest';
import { replaySession } from '../../../server/duet/replay/replay-session.js';
import { DuetSession } from '../../../server/duet/session.js';
import { sessionSettings } from '../../../server/duet/settings.js';
import { packageFolder } from '../../../server/package-folder.js';
import { loadModel } from '../../../server/runtime/load-model.js';
import type { Script } from '../../../server/runtime/scripted/script.js';
import { ScriptedModel } from '../../../server/runtime/scripted/scripted-model.js';
import { eventsOf, openSession } from '../../support/duet-session.js';
import { fakeFrames, FakeStream } from '../../support/fake-stream.js';
import { repliesIn, textsIn, watch } from './question-sessions.js';

/** A model that finds frames above 50 worth a reply, which names the texts it has heard. */
function namingModel(script: Script = {}): ScriptedModel {
  return new ScriptedModel({
    scores: ({ rgb }) => ({ informative: (rgb[0] ?? 0) > 50 ? 0.9 : 0.1, relevance: 0 }),
    replies: (_number, texts) => [texts.join(' and ')],
    ...script,
  });
}

/** What each open context holds, in order. */
function heldIn({ contexts }: ScriptedModel): string[][] {
  return contexts.flatMap(({ closed, entries }) =>
    closed ? [] : [entries.map((entry) => ('text' in entry ? `${entry.type} ${entry.text}` : entry.type))],
  );
}

test('a user text that is removed goes alone: frames, replies and other texts stay', async () => {
  const model = namingModel();
  const session = await openSession(model, { assistantTurns: 'keep' });
  session.addUserText('one');
  session.addUserText('two');
  await watch(session, [10, 80]);
  await session.removeQuestion('question_1', 'e');
  await watch(session, [80]);
  expect(heldIn(model)).toEqual([
    ['system You watch.', 'user two', 'frame', 'frame', 'assistant one and two', 'frame', 'assistant two'],
  ]);
  expect(repliesIn(session).map(([, , text]) => text)).toEqual(['one and two', 'two']);
  expect(eventsOf(session, 'session.context.evicted')).toEqual([]);
  expect(session.held).toMatchObject({ frames: 3, texts: 3 });
});

test('what holds replies back is not forgotten with a text', async () => {
  const session = await openSession(namingModel({ replies: ['the same'] }), {
    ...{ cooldown: 10, replyBudget: 1, repeatAfter: 60 },
  });
  session.addUserText('one');
  await session.watch(new FakeStream(removingAfter(1, session, [80, 80, 80])), label);
  expect(eventsOf(session, 'frame.scored').map(({ reason }) => reason)).toEqual([
    'fired',
    'cooldown',
    'cooldown',
  ]);
});

test('a model that cannot evict begins a context with the other texts, and loses no reply', async () => {
  const model = namingModel({ capabilities: { evict: false } });
  const session = await openSession(model, { assistantTurns: 'keep' });
  session.addUserText('one');
  session.addUserText('two');
  await watch(session, [80]);
  await session.removeQuestion('question_1');
  expect(heldIn(model)).toEqual([['system You watch.', 'user two']]);
  // It was asked for, and is not due to a context that was full.
  expect(eventsOf(session, 'session.context.renewed')).toEqual([]);
  await watch(session, [80]);
  expect(repliesIn(session)).toEqual([
    [0, null, 'one and two'],
    [0, 'question_2', 'two'],
  ]);
  expect(model.contexts[1]?.options.follows).toBeDefined();
});

test('the conversation ends with its last text while questions stand, and goes on with the next', async () => {
  const model = namingModel();
  const session = await openSession(model);
  await session.addQuestion('watch', { id: 'watch' });
  session.addUserText('one');
  await watch(session, [80]);
  await session.removeQuestion('question_1');
  await watch(session, [80]);
  session.addUserText('two');
  await watch(session, [80]);
  expect(repliesIn(session).map(([, id]) => id)).toEqual([
    ...['watch', 'question_1', 'watch', 'watch', 'question_2'],
  ]);
  expect(textsIn(model)).toEqual([['watch'], ['two']]);
});

test('a question that is removed while the video stands still is no news', async () => {
  const model = namingModel();
  const session = await openSession(model);
  await watch(session, [10]);
  await session.addQuestion('watch', { id: 'watch' });
  await session.lookAgain();
  await session.removeQuestion('watch');
  const scored = eventsOf(session, 'frame.scored').length;
  await session.lookAgain();
  expect(eventsOf(session, 'frame.scored')).toHaveLength(scored);
  expect(textsIn(model)).toEqual([[]]);
});

test('duet-nano keeps what it has seen when a text is removed', async () => {
  await using model = await loadModel(join(packageFolder, 'models/duet-nano'), { workers: 1 });
  const settings = sessionSettings(model.capabilities, 'default', { policy: { type: 'never' } });
  const side = model.capabilities.pictureSide ?? 0;
  const pictures = Array.from({ length: 8 }, (_, index) => {
    const rgb = new Uint8Array(side * side * 3).map((_value, byte) => (byte * (index + 3)) % 256);
    return { index, videoTime: index / 2, picture: { width: side, height: side, rgb } };
  });
  const heldAfter = async (text: string | null) => {
    await using session = await DuetSession.open({ id: 'test', model, settings, now: () => 0 });
    await session.watch(new FakeStream(pictures.slice(0, 4)), label);
    if (text !== null) {
      session.addUserText(text);
      await session.lookAgain();
      await session.removeQuestion('question_1');
    }
    await session.watch(new FakeStream(pictures.slice(4)), label);
    return { held: session.held, scores: eventsOf(session, 'frame.scored').slice(-4) };
  };
  const [plain, removed] = [await heldAfter(null), await heldAfter('Is there a red bus?')];
  // The newest frame was scored once more with the text.
  expect(removed.held).toMatchObject({ frames: plain.held.frames + 1, texts: 0 });
  expect(removed.scores.map(({ questionId }) => questionId)).toEqual([null, null, null, null]);
});

const label = { source: 'test', samplingFps: 2, realtime: false };

/** Removes the first question before a frame. */
async function* removingAfter(count: number, session: DuetSession, values: readonly number[]) {
  for (const frame of fakeFrames(values)) {
    if (frame.index === count) {
      await expect.poll(() => eventsOf(session, 'frame.scored').length).toBe(count);
      await session.removeQuestion('question_1');
    }
    yield frame;
  }
}

test('a question that is removed in the middle of a batch is not judged any more, nor in a replay', async () => {
  let session: DuetSession | null = null;
  let removed: Promise<void> | undefined;
  const model = namingModel({
    before: (call) => {
      if (call.type === 'reply') removed ??= session?.removeQuestion('two');
    },
  });
  session = await openSession(model, { batchLimit: 4 });
  await session.addQuestion('one', { id: 'one' });
  await session.addQuestion('two', { id: 'two' });
  await session.addQuestion('three', { id: 'three', threshold: 0.95 });
  const frames = fakeFrames([10, 80, 10, 80]);
  await session.watch(new FakeStream(frames), { ...label, wholeBatches: true });
  await removed;
  const ids = eventsOf(session, 'frame.scored').map(({ questions }) =>
    questions.map(({ questionId }) => questionId),
  );
  const before = ['one', 'two', 'three'];
  expect(ids).toEqual([before, before, ['one', 'three'], ['one', 'three']]);
  // The reply that was due when it was removed is still made.
  expect(repliesIn(session).map(([time, id]) => [time, id])).toEqual([
    [0.5, 'one'],
    [0.5, 'two'],
    [1.5, 'one'],
  ]);
  expect(model.contexts.map(({ closed }) => closed)).toEqual([false, true, false]);
  await session.close('done');
  const replay = replaySession(session.log.history(), { change: () => ({}) });
  let next = await replay.next();
  while (next.done !== true) next = await replay.next();
  expect(next.value).toMatchObject({ frames: 4, sameDecisions: 4, unknownReplies: 0 });
});

test('a question that is removed while the model hears it is never judged', async () => {
  let session: DuetSession | null = null;
  let removed: Promise<void> | undefined;
  const model = namingModel({
    before: (call) => {
      if (call.type === 'user' && call.text === 'two') removed = session?.removeQuestion('two');
    },
  });
  session = await openSession(model);
  await session.addQuestion('one', { id: 'one' });
  await session.addQuestion('two', { id: 'two' });
  await watch(session, [80]);
  await removed;
  expect(eventsOf(session, 'user.text.inserted').map(({ questionId }) => questionId)).toEqual(['one']);
  expect(repliesIn(session).map(([, id]) => id)).toEqual(['one']);
  expect(textsIn(model)).toEqual([['one']]);
});

test('a reply to a question that was removed can still be cancelled', async () => {
  let session: DuetSession | null = null;
  let removed: Promise<void> | undefined;
  async function* slowly(): AsyncGenerator<string> {
    yield await Promise.resolve('first ');
    removed = session?.removeQuestion('two');
    expect(session?.cancelReply()).toBe(true);
    yield 'second';
  }
  const model = namingModel({ replies: (_number, [text]) => (text === 'two' ? slowly() : ['done']) });
  session = await openSession(model);
  await session.addQuestion('one', { id: 'one' });
  await session.addQuestion('two', { id: 'two' });
  await watch(session, [80]);
  await removed;
  expect(eventsOf(session, 'response.done').map(({ status }) => status)).toEqual(['completed', 'cancelled']);
});
