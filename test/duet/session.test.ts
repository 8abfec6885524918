import { describe, expect, test } from 'vitest';
import type { DuetSession } from '../../server/duet/session.js';
import { DuetError } from '../../server/errors.js';
import type { VideoFrame } from '../../server/video/frame.js';
import { eventsOf, modelByBrightness, openSession, tokensUpTo } from '../support/duet-session.js';
import { fakeFrames, FakeStream } from '../support/fake-stream.js';

const label = { source: 'test', samplingFps: 2, realtime: false };

function play(session: DuetSession, values: readonly number[]): Promise<void> {
  return session.watch(new FakeStream(fakeFrames(values)), label);
}

function replies(session: DuetSession): [number, string, string][] {
  return eventsOf(session, 'response.done').map((done) => [done.videoTime, done.status, done.text]);
}

describe('one step per frame', () => {
  test('every frame yields a trace with its scores, the threshold and the reason', async () => {
    const session = await openSession(modelByBrightness());
    await play(session, [20, 80]);
    expect(eventsOf(session, 'frame.scored')).toMatchObject([
      {
        frameIndex: 0,
        videoTime: 0,
        score: 0.2,
        threshold: 0.5,
        fired: false,
        reason: 'score_not_above_threshold',
      },
      { frameIndex: 1, videoTime: 0.5, score: 0.8, threshold: 0.5, fired: true, reason: 'fired' },
    ]);
  });

  test('a reply has the time of the frame just scored', async () => {
    const session = await openSession(modelByBrightness({ replies: ['look', 'there'] }));
    await play(session, [0, 80, 0, 0, 90]);
    expect(replies(session)).toEqual([
      [0.5, 'completed', 'look'],
      [2, 'completed', 'there'],
    ]);
  });

  test('both heads add up', async () => {
    const model = modelByBrightness({ scores: () => ({ informative: 0.4, relevance: 0.3 }) });
    const session = await openSession(model, { heads: ['informative', 'relevance'] });
    await play(session, [0]);
    expect(eventsOf(session, 'frame.scored')[0]).toMatchObject({ score: 0.7, fired: true });
  });

  test('events are numbered without gaps, from opening to closing', async () => {
    const session = await openSession(modelByBrightness());
    await play(session, [80, 0, 80]);
    await session.close('done');
    const events = session.log.snapshot();
    expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
    expect(events[0]?.type).toBe('session.opened');
    expect(events.at(-1)).toMatchObject({ type: 'session.closed', reason: 'done' });
  });

  test('a cooldown withholds a reply and says so', async () => {
    const session = await openSession(modelByBrightness(), { cooldown: 1 });
    await play(session, [80, 80, 80]);
    expect(eventsOf(session, 'frame.scored').map((event) => event.reason)).toEqual([
      'fired',
      'cooldown',
      'fired',
    ]);
  });

  test('the running sum is shown before it is reset', async () => {
    const session = await openSession(modelByBrightness(), { policy: { type: 'sum', threshold: 1 } });
    await play(session, [60, 60, 60]);
    expect(eventsOf(session, 'frame.scored').map((event) => event.runningSum)).toEqual([0.6, 1.2, 0.6]);
  });
});

describe('catching up', () => {
  const steps = (model: ReturnType<typeof modelByBrightness>): string[] =>
    model.heard.flatMap((call) => {
      if (call.type === 'frames')
        return [`frames ${call.pictures.map((picture) => picture.rgb[0]).join(' ')}`];
      return call.type === 'cut' || call.type === 'reply' ? [call.type] : [];
    });

  test('queued frames go in together; a reply among them cuts back and appends the rest again', async () => {
    const model = modelByBrightness();
    const session = await openSession(model, { batchLimit: 4 });
    const absorbed = fakeFrames([1, 90, 2, 3]);
    await session.watch(new FakeStream(absorbed), label);
    expect(steps(model)).toContain('reply');
    expect(
      model.contexts[0]?.entries.flatMap((entry) => (entry.type === 'frame' ? [entry.picture.rgb[0]] : [])),
    ).toEqual([1, 90, 2, 3]);
    expect(eventsOf(session, 'frame.scored').map((event) => event.frameIndex)).toEqual([0, 1, 2, 3]);
  });

  test.each([1, 2, 3, 8])('the record does not depend on the size of a batch (%i)', async (batchLimit) => {
    const session = await openSession(modelByBrightness(), { batchLimit });
    session.addUserText('what?', { videoTime: 1.2 });
    await play(session, [10, 80, 20, 30, 70, 60, 10]);
    const record = session.log.snapshot().flatMap((event) => {
      if (event.type === 'frame.scored') return [`${event.videoTime} frame`];
      return event.type.startsWith('response.text') ? [] : [`${event.videoTime} ${event.type}`];
    });
    expect(record).toEqual([
      '0 session.opened',
      '0 source.opened',
      '0 frame',
      '0.5 frame',
      '0.5 response.started',
      '0.5 response.done',
      '1 frame',
      '1.5 user.text.inserted',
      '1.5 frame',
      '2 frame',
      '2 response.started',
      '2 response.done',
      '2.5 frame',
      '2.5 response.started',
      '2.5 response.done',
      '3 frame',
      '3 source.ended',
    ]);
  });
});

describe('user text', () => {
  test('is inserted before the first frame at or after its time, in the order of arrival', async () => {
    const model = modelByBrightness();
    const session = await openSession(model);
    session.addUserText('later', { videoTime: 0.7, clientEventId: 'a' });
    session.addUserText('now');
    await play(session, [0, 0, 0]);
    expect(eventsOf(session, 'user.text.inserted')).toMatchObject([
      { text: 'now', videoTime: 0, requestedTime: null },
      { text: 'later', videoTime: 1, requestedTime: 0.7, clientEventId: 'a' },
    ]);
    expect(model.contexts[0]?.entries.map((entry) => entry.type)).toEqual([
      'system',
      'user',
      'frame',
      'frame',
      'user',
      'frame',
    ]);
  });

  test('in the reference layout at most one is inserted per frame', async () => {
    const session = await openSession(modelByBrightness(), { promptLayout: 'reference' });
    session.addUserText('one');
    session.addUserText('two');
    await play(session, [0, 0]);
    expect(eventsOf(session, 'user.text.inserted').map((event) => [event.text, event.videoTime])).toEqual([
      ['one', 0],
      ['two', 0.5],
    ]);
  });

  test.each([
    ['cancel', 'cancelled', 'well'],
    ['finish', 'completed', 'well, you see'],
  ] as const)('during a reply and with interrupt %s, the reply is %s', async (interrupt, status, text) => {
    const holder: { session?: DuetSession } = {};
    const model = modelByBrightness({
      async *replies() {
        yield 'well';
        await Promise.resolve();
        holder.session?.addUserText('stop');
        await Promise.resolve();
        yield ', you see';
      },
    });
    const session = (holder.session = await openSession(model, { interrupt }));
    await play(session, [80, 0]);
    expect(replies(session)).toEqual([[0, status, text]]);
    expect(eventsOf(session, 'user.text.inserted')).toMatchObject([{ text: 'stop', videoTime: 0.5 }]);
  });
});

describe('a session', () => {
  test('changes its policy between two frames', async () => {
    const holder: { session?: DuetSession } = {};
    const model = modelByBrightness({
      before: (call) => {
        if (call.type === 'frames' && call.pictures[0]?.rgb[0] === 61) {
          holder.session?.update({ policy: { type: 'threshold', threshold: 0.9 } }, 'change');
        }
      },
    });
    const session = (holder.session = await openSession(model, { batchLimit: 1 }));
    await play(session, [60, 61, 62]);
    expect(eventsOf(session, 'frame.scored').map((event) => event.fired)).toEqual([true, false, false]);
    expect(eventsOf(session, 'session.updated')).toMatchObject([{ clientEventId: 'change' }]);
  });

  test('plays one source after another, each on its own clock', async () => {
    const session = await openSession(modelByBrightness());
    await play(session, [0, 0]);
    await play(session, [0]);
    expect(eventsOf(session, 'source.ended').map(({ frames, reason }) => [frames, reason])).toEqual([
      [2, 'finished'],
      [1, 'finished'],
    ]);
  });

  test('records a failing source after its frames', async () => {
    function* broken(): Generator<VideoFrame> {
      yield* fakeFrames([0]);
      throw new DuetError('source_failed', 'the file ends in the middle');
    }
    const session = await openSession(modelByBrightness());
    const stream = new FakeStream(broken());
    await session.watch(stream, label);
    expect(session.log.snapshot().map((event) => event.type)).toEqual([
      'session.opened',
      'source.opened',
      'frame.scored',
      'source.failed',
    ]);
    expect(stream.disposed).toBe(true);
  });

  test('a failing model ends the source and its error is thrown', async () => {
    const model = modelByBrightness({
      before: (call) => {
        if (call.type === 'reply') throw new DuetError('model_failed', 'out of memory');
      },
    });
    const session = await openSession(model);
    const stream = new FakeStream(fakeFrames([80]));
    await expect(session.watch(stream, label)).rejects.toThrow('out of memory');
    expect(session.log.snapshot().slice(-2)).toMatchObject([
      { type: 'response.done', status: 'failed' },
      { type: 'source.failed', code: 'model_failed' },
    ]);
    expect(stream.disposed).toBe(true);
  });

  test('refuses a second source while one plays', async () => {
    const endless = new FakeStream(neverEnding(), { live: true });
    const model = modelByBrightness();
    const session = await openSession(model);
    const watching = session.watch(endless, label);
    await expect(play(session, [0])).rejects.toThrow('already playing');
    await session.close('enough');
    await watching;
    expect(endless.disposed).toBe(true);
    expect(model.contexts[0]?.closed).toBe(true);
  });

  test('renews its context before the model runs out of positions, and repeats the questions', async () => {
    const small = modelByBrightness({
      capabilities: { capacity: tokensUpTo(100) },
    });
    const session = await openSession(small, { maxReplyTokens: 10, memory: 'renewed' });
    session.addUserText('what happens?');
    await play(
      session,
      Array.from({ length: 40 }, () => 0),
    );
    expect(eventsOf(session, 'frame.scored')).toHaveLength(40);
    expect(eventsOf(session, 'session.context.renewed').length).toBeGreaterThan(1);
    expect(small.contexts.at(-1)?.entries[1]).toMatchObject({ type: 'user', text: 'what happens?' });
    expect(small.contexts.filter((context) => !context.closed)).toHaveLength(1);
  });

  test('records nothing after it is closed', async () => {
    const session = await openSession(modelByBrightness());
    await session.close('done');
    expect(() => {
      session.addUserText('hello?');
    }).toThrow('closed');
    await expect(play(session, [0])).rejects.toThrow('closed');
  });
});

async function* neverEnding(): AsyncGenerator<VideoFrame> {
  for (let index = 0; ; index += 1) {
    yield* fakeFrames([0]).map((frame) => ({ ...frame, index, videoTime: index / 2 }));
    await new Promise((resolve) => setImmediate(resolve));
  }
}
