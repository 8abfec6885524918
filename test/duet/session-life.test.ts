import { describe, expect, test } from 'vitest';
import { DuetSession } from '../../server/duet/session.js';
import { sessionSettings } from '../../server/duet/settings.js';
import { DuetError } from '../../server/errors.js';
import { liveSettings } from '../../server/settings/session-settings.js';
import type { VideoFrame } from '../../server/video/frame.js';
import { eventsOf, modelByBrightness, openSession } from '../support/duet-session.js';
import { fakeFrames, FakeStream } from '../support/fake-stream.js';

const label = { source: 'test', samplingFps: 2, realtime: false };

const types = (session: DuetSession): string[] => session.log.snapshot().map(({ type }) => type);

/** A stream that waits after its frames until the test lets it end. */
function heldStream(values: readonly number[]): { stream: FakeStream; release: () => void } {
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  async function* frames(): AsyncGenerator<VideoFrame> {
    yield* fakeFrames(values);
    await held;
  }
  return { stream: new FakeStream(frames()), release };
}

describe('opening', () => {
  test('the record begins with model and settings; a session has no owner by default', async () => {
    const model = modelByBrightness();
    const settings = sessionSettings(model.capabilities);
    const session = await DuetSession.open({ id: 'a', model, settings, now: () => 0 });
    expect([session.id, session.owner, session.videoTime]).toEqual(['a', null, 0]);
    expect(session.log.snapshot()).toEqual([
      {
        ...{ type: 'session.opened', sessionId: 'a', model: 'fake', severalQuestions: false, settings },
        ...{ seq: 1, videoTime: 0, elapsedMs: 0 },
      },
    ]);
    const owned = await DuetSession.open({ id: 'b', owner: 'ann', model, settings, now: () => 0 });
    expect(owned.owner).toBe('ann');
  });

  test('the error of a model that cannot open a context is thrown', async () => {
    const model = modelByBrightness({
      before: () => {
        throw new DuetError('model_failed', 'no memory left');
      },
    });
    await expect(openSession(model)).rejects.toThrow('no memory left');
  });

  test('a task that the model does not name is refused, naming those it does', () => {
    const { capabilities } = modelByBrightness();
    expect(() => sessionSettings(capabilities, 'cooking')).toThrow(
      'Model fake has no task "cooking"; it knows: default.',
    );
  });

  test('what is asked for overrides what the model recommends, which overrides the defaults', () => {
    const { capabilities } = modelByBrightness();
    const settings = sessionSettings(capabilities, 'default', { fps: 5, batchLimit: 9 });
    expect(settings).toMatchObject({ fps: 5, batchLimit: 9, queueLimit: 32, repetitionPenalty: 1 });
    expect(settings.heads).toEqual(capabilities.recommended.default.heads);
  });
});

describe('updating', () => {
  test('changes what is named, keeps the rest, and records all live settings', async () => {
    const session = await openSession(modelByBrightness());
    const before = session.settings;
    session.update({ cooldown: 3 }, 'e');
    session.update({});
    expect(session.settings).toEqual({ ...before, cooldown: 3 });
    expect(eventsOf(session, 'session.updated')).toMatchObject([
      { settings: liveSettings({ ...before, cooldown: 3 }), clientEventId: 'e' },
      { settings: liveSettings({ ...before, cooldown: 3 }), clientEventId: null },
    ]);
  });

  test('is recorded at the current video time', async () => {
    const session = await openSession(modelByBrightness());
    await session.watch(new FakeStream(fakeFrames([0, 0, 0])), label);
    session.update({ cooldown: 1 });
    expect(eventsOf(session, 'session.updated')[0]?.videoTime).toBe(1);
  });
});

describe('watching', () => {
  test('pausing and resuming hold the clock of the source and nothing else', async () => {
    const { stream, release } = heldStream([0, 0]);
    const session = await openSession(modelByBrightness());
    const watching = session.watch(stream, label);
    session.pauseSource();
    expect(stream.paused).toBe(true);
    session.resumeSource();
    expect(stream.paused).toBe(false);
    release();
    await watching;
    expect(types(session).at(-1)).toBe('source.ended');
  });

  test.each(['pauseSource', 'resumeSource'] as const)('%s needs a source', async (act) => {
    const session = await openSession(modelByBrightness());
    expect(() => {
      session[act]();
    }).toThrow('No source is playing');
  });

  test('stopping ends the source, says so, and leaves the session open for another', async () => {
    const { stream, release } = heldStream([0, 0]);
    const session = await openSession(modelByBrightness());
    const watching = session.watch(stream, label);
    await expect.poll(() => session.videoTime).toBe(0.5);
    const stopped = session.stopSource();
    release();
    await stopped;
    await watching;
    expect(eventsOf(session, 'source.ended')).toMatchObject([{ reason: 'stopped', frames: 2 }]);
    expect(stream.disposed).toBe(true);
    await expect(session.stopSource()).rejects.toThrow('No source is playing');
    await session.watch(new FakeStream(fakeFrames([0])), label);
    expect(eventsOf(session, 'source.ended').at(-1)).toMatchObject({ reason: 'finished', frames: 1 });
  });

  test('a signal that is aborted beforehand stops the source before its first frame', async () => {
    const session = await openSession(modelByBrightness());
    await session.watch(new FakeStream(fakeFrames([0, 0])), label, AbortSignal.abort());
    expect(types(session)).toEqual(['session.opened', 'source.opened', 'source.ended']);
  });

  test('a new source begins at 0, also in the record of what comes before its first frame', async () => {
    const session = await openSession(modelByBrightness());
    await session.watch(new FakeStream(fakeFrames([0, 0, 0])), label);
    expect(session.videoTime).toBe(1);
    await session.watch(new FakeStream([]), label);
    expect(session.videoTime).toBe(0);
    expect(eventsOf(session, 'source.opened').map(({ videoTime }) => videoTime)).toEqual([0, 0]);
  });

  test('notices of a stream are recorded, and its dropped frames and warnings at its end', async () => {
    class TalkativeStream extends FakeStream {
      readonly dropped = 2;
      readonly warnings = ['cut off'];
      listen(
        tell: (notice: { type: 'source.clock.changed'; pushedTime: number; offset: number }) => void,
      ): void {
        tell({ type: 'source.clock.changed', pushedTime: 7, offset: -7 });
      }
    }
    const session = await openSession(modelByBrightness());
    await session.watch(new TalkativeStream(fakeFrames([0])), label);
    expect(eventsOf(session, 'source.clock.changed')).toMatchObject([{ pushedTime: 7, videoTime: 0 }]);
    expect(eventsOf(session, 'source.ended')).toMatchObject([{ droppedFrames: 2, warnings: ['cut off'] }]);
  });

  test('a failing source leaves the session open, and its texts wait for the next one', async () => {
    function* broken(): Generator<VideoFrame> {
      yield* fakeFrames([0]);
      throw new DuetError('source_failed', 'gone');
    }
    const session = await openSession(modelByBrightness());
    session.addUserText('later', { videoTime: 0.5 });
    await session.watch(new FakeStream(broken()), label);
    expect(eventsOf(session, 'source.failed')).toMatchObject([{ code: 'source_failed', message: 'gone' }]);
    expect(session.waitingTexts).toBe(1);
    await session.watch(new FakeStream(fakeFrames([0, 0])), label);
    expect(eventsOf(session, 'user.text.inserted')).toMatchObject([{ text: 'later', videoTime: 0.5 }]);
  });

  test('a model that fails while scoring ends the source and its error is thrown', async () => {
    const model = modelByBrightness({
      before: (call) => {
        if (call.type === 'frames') throw new DuetError('model_failed', 'out of memory');
      },
    });
    const session = await openSession(model);
    const stream = new FakeStream(fakeFrames([0]));
    await expect(session.watch(stream, label)).rejects.toThrow('out of memory');
    expect(types(session)).toEqual(['session.opened', 'source.opened', 'source.failed']);
    expect(stream.disposed).toBe(true);
  });
});

describe('texts', () => {
  test('one that is too long for the model is refused with its length, before it is appended', async () => {
    const session = await openSession(modelByBrightness());
    await expect(session.requireFits('word '.repeat(4000))).rejects.toMatchObject({ code: 'context_full' });
    await expect(session.requireFits('What happens?')).resolves.toBeUndefined();
  });

  test('one for a time that never comes is counted and keeps waiting', async () => {
    const session = await openSession(modelByBrightness());
    session.addUserText('too late', { videoTime: 99 });
    await session.watch(new FakeStream(fakeFrames([0, 0])), label);
    expect(eventsOf(session, 'source.ended')[0]?.waitingTexts).toBe(1);
    expect(session.waitingTexts).toBe(1);
  });

  test('a text reaches the policy with the frame that follows it, and no other', async () => {
    const seen: (readonly string[])[] = [];
    const model = modelByBrightness();
    const settings = sessionSettings(model.capabilities, 'default', { batchLimit: 1 });
    const { takeTurn } = await import('../../server/duet/policy/take-turn.js');
    const session = await DuetSession.open({
      ...{ id: 'a', model, settings, now: () => 0 },
      takeTurn: (turnSettings, state, frame) => {
        seen.push(frame.texts ?? []);
        return takeTurn(turnSettings, state, frame);
      },
    });
    session.addUserText('one');
    session.addUserText('two');
    session.addUserText('three', { videoTime: 1 });
    await session.watch(new FakeStream(fakeFrames([0, 0, 0, 0])), label);
    expect(seen).toEqual([['one', 'two'], [], ['three'], []]);
  });
});

describe('closing', () => {
  test('ends the source and the record, and frees the context; a second time changes nothing', async () => {
    const model = modelByBrightness();
    const { stream, release } = heldStream([0]);
    const session = await openSession(model);
    const watching = session.watch(stream, label);
    const closed = session.close('done');
    release();
    await Promise.all([closed, session.close('again'), watching]);
    await session[Symbol.asyncDispose]();
    expect(eventsOf(session, 'session.closed')).toMatchObject([{ reason: 'done' }]);
    expect(types(session).at(-1)).toBe('session.closed');
    expect([stream.disposed, model.contexts[0]?.closed]).toEqual([true, true]);
  });

  test('every call is refused afterwards', async () => {
    const session = await openSession(modelByBrightness());
    await session.close('done');
    expect(() => {
      session.update({ cooldown: 1 });
    }).toThrow('closed; open a new one');
    await expect(session.requireFits('x')).rejects.toThrow('closed');
    expect(session.cancelReply()).toBe(false);
    await expect(session.lookAgain()).resolves.toBeUndefined();
  });

  test('a failure to free the context is thrown, and the record still ends', async () => {
    const model = modelByBrightness({
      before: (call) => {
        if (call.type === 'close') throw new DuetError('model_failed', 'stuck');
      },
    });
    const session = await openSession(model);
    await expect(session.close('done')).rejects.toThrow('stuck');
    expect(types(session).at(-1)).toBe('session.closed');
  });
});
