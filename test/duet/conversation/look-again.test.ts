import { expect, test } from 'vitest';
import type { SessionEvent } from '../../../server/duet/record/events.js';
import type { DuetSession } from '../../../server/duet/session.js';
import type { SessionSettings } from '../../../server/settings/session-settings.js';
import { DuetError } from '../../../server/errors.js';
import type { VideoFrame } from '../../../server/video/frame.js';
import { eventsOf, modelByBrightness, openSession } from '../../support/duet-session.js';
import type { ScriptedModel } from '../../../server/runtime/scripted/scripted-model.js';
import { fakeFrames, FakeStream } from '../../support/fake-stream.js';

const label = { source: 'test', samplingFps: 2, realtime: false };

/** The record since an event, without the pieces of replies. */
function since(session: DuetSession, seq: number): string[] {
  return session.log.snapshot().flatMap((event) => {
    if (event.seq <= seq || event.type === 'response.text.delta') return [];
    return [`${event.videoTime} ${event.type}${detail(event)}`];
  });
}

function detail(event: SessionEvent): string {
  if (event.type === 'frame.scored') return ` ${event.frameIndex} ${event.reason}`;
  return event.type === 'user.text.inserted' || event.type === 'response.done' ? ` ${event.text}` : '';
}

/** A model that thinks every frame after a question with a question mark is worth saying something. */
function modelThatAnswersQuestions(): ScriptedModel {
  const model: ScriptedModel = modelByBrightness({
    replies: ['yes'],
    scores: () => {
      const last = model.contexts.at(-1)?.entries.at(-1);
      const asked = last?.type === 'user' && last.text.endsWith('?');
      return { informative: asked ? 0.9 : 0.1, relevance: 0 };
    },
  });
  return model;
}

/** A session that has watched two frames of a video which is then paused by the test. */
async function pausedSession(
  model: ScriptedModel,
  settings: Partial<SessionSettings> = {},
): Promise<{ session: DuetSession; goOn: () => void }> {
  let goOn: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  async function* frames(): AsyncGenerator<VideoFrame> {
    const [first, second, third] = fakeFrames([0, 0, 0]);
    if (first && second) yield* [first, second];
    await held;
    if (third) yield third;
  }
  const session = await openSession(model, { batchLimit: 1, ...settings });
  void session.watch(new FakeStream(frames()), label);
  await expect.poll(() => eventsOf(session, 'frame.scored').length).toBe(2);
  session.pauseSource();
  return { session, goOn };
}

test('a question asked while the video is paused is answered from the current picture', async () => {
  const { session } = await pausedSession(modelThatAnswersQuestions());
  const { lastSeq } = session.log;
  session.addUserText('Is it red?', { clientEventId: 'q' });
  await session.lookAgain();
  expect(since(session, lastSeq)).toEqual([
    '0.5 user.text.inserted Is it red?',
    '0.5 frame.scored 1 fired',
    '0.5 response.started',
    '0.5 response.done yes',
  ]);
});

test('a standing request made while the video is paused is inserted; the silence is explained', async () => {
  const { session } = await pausedSession(modelThatAnswersQuestions());
  const { lastSeq } = session.log;
  session.addUserText('Tell me when it moves.');
  await session.lookAgain();
  expect(since(session, lastSeq)).toEqual([
    '0.5 user.text.inserted Tell me when it moves.',
    '0.5 frame.scored 1 score_not_above_threshold',
  ]);
});

test('no cooldown applies while the video stands still, since it would never end', async () => {
  const session = await openSession(modelThatAnswersQuestions(), { cooldown: 5 });
  session.addUserText('Is it red?');
  await session.watch(new FakeStream(fakeFrames([0])), label);
  session.addUserText('Is it round?');
  await session.lookAgain();
  session.addUserText('Is it old?');
  await session.lookAgain();
  expect(eventsOf(session, 'response.done')).toHaveLength(3);
});

test('a look without an answer leaves the cooldown as it was', async () => {
  const scores = [0.9, 0.1, 0.1, 0.9].map((informative) => ({ informative, relevance: 0 }));
  const { session, goOn } = await pausedSession(modelByBrightness({ scores }), { cooldown: 5 });
  session.addUserText('Is it red?');
  await session.lookAgain();
  session.resumeSource();
  goOn();
  await expect.poll(() => eventsOf(session, 'source.ended').length).toBe(1);
  expect(eventsOf(session, 'frame.scored').map(({ reason }) => reason)).toEqual([
    'fired',
    ...['score_not_above_threshold', 'score_not_above_threshold'],
    'cooldown',
  ]);
});

test('while frames keep coming none is scored again', async () => {
  const { session, goOn } = await pausedSession(modelThatAnswersQuestions());
  session.resumeSource();
  session.addUserText('Is it red?');
  const { lastSeq } = session.log;
  await session.lookAgain();
  expect(since(session, lastSeq)).toEqual([]);
  goOn();
  await expect.poll(() => eventsOf(session, 'source.ended').length).toBe(1);
  expect(eventsOf(session, 'user.text.inserted')).toMatchObject([{ videoTime: 1 }]);
});

test('before the first frame a text waits for it', async () => {
  const session = await openSession(modelThatAnswersQuestions());
  session.addUserText('Is it red?');
  await session.lookAgain();
  expect(eventsOf(session, 'user.text.inserted')).toEqual([]);
  await session.watch(new FakeStream(fakeFrames([0])), label);
  expect(eventsOf(session, 'user.text.inserted')).toHaveLength(1);
});

test.each([
  ['trained', 1],
  ['reference', 2],
] as const)('after the end, in the layout %s, two texts take %i more looks', async (promptLayout, looks) => {
  const session = await openSession(modelThatAnswersQuestions(), { promptLayout });
  await session.watch(new FakeStream(fakeFrames([0, 0])), label);
  const { lastSeq } = session.log;
  session.addUserText('Was it red?');
  session.addUserText('Was it round?');
  await session.lookAgain();
  expect(since(session, lastSeq).filter((line) => line.includes('inserted'))).toHaveLength(2);
  expect(since(session, lastSeq).filter((line) => line.includes('response.done'))).toHaveLength(looks);
});

test('a text for a time that never came is counted at the end and waits for a later source', async () => {
  const session = await openSession(modelThatAnswersQuestions());
  session.addUserText('And now?', { videoTime: 1.2 });
  await session.watch(new FakeStream(fakeFrames([0, 0])), label);
  await session.lookAgain();
  expect(eventsOf(session, 'source.ended')).toMatchObject([{ waitingTexts: 1 }]);
  expect(eventsOf(session, 'user.text.inserted')).toEqual([]);
  await session.watch(new FakeStream(fakeFrames([0, 0, 0, 0])), label);
  expect(eventsOf(session, 'user.text.inserted')).toMatchObject([{ videoTime: 1.5 }]);
});

test('closing the session ends a reply after the end of the video, then frees the context', async () => {
  const model = modelThatAnswersQuestions();
  const session = await openSession(model);
  await session.watch(new FakeStream(fakeFrames([0])), label);
  session.addUserText('Was it red?');
  const looking = session.lookAgain();
  await session.close('enough');
  await looking;
  expect(session.log.snapshot().at(-1)).toMatchObject({ type: 'session.closed', reason: 'enough' });
  expect(model.contexts[0]?.closed).toBe(true);
});

test('the error of a model that fails when it looks again is thrown', async () => {
  const model = modelByBrightness({
    before: (call) => {
      if (call.type === 'user') throw new DuetError('model_failed', 'out of memory');
    },
  });
  const session = await openSession(model);
  await session.watch(new FakeStream(fakeFrames([0])), label);
  session.addUserText('Was it red?');
  await expect(session.lookAgain()).rejects.toThrow('out of memory');
});

test('a source that begins while a reply is still being written waits for it', async () => {
  const session = await openSession(modelThatAnswersQuestions());
  await session.watch(new FakeStream(fakeFrames([0])), label);
  session.addUserText('Was it red?');
  const looking = session.lookAgain();
  await expect.poll(() => eventsOf(session, 'user.text.inserted').length).toBe(1);
  await session.watch(new FakeStream(fakeFrames([0, 0])), label);
  await looking;
  expect(eventsOf(session, 'response.done')).toHaveLength(1);
  expect(eventsOf(session, 'frame.scored')).toHaveLength(4);
});
