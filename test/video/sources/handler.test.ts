import { describe, expect, test } from 'vitest';

import { DuetError } from '../../../server/errors.js';
import type { VideoFrame } from '../../../server/video/frame.js';
import { openVideo } from '../../../server/video/open-video.js';
import { SourceHandler } from '../../../server/video/sources/handler.js';
import type { HandledSource, SourceState } from '../../../server/video/sources/handler.js';
import type { SourceOptions } from '../../../server/video/sources/source-kind.js';
import type { FrameStream, StreamNotice } from '../../../server/video/stream.js';
import { clipOptions } from '../../support/open-clip.js';
import { makeClip } from '../../support/clips.js';
import { FakeStream, fakeFrames } from '../../support/fake-stream.js';
import { ManualTime, settle } from '../../support/manual-time.js';

const broken = new DuetError('source_failed', 'the camera went away');

/** A connection: this many frames at two a second, then an error if there is one. */
function connection(
  frames: number,
  { error, live = true }: { error?: Error; live?: boolean } = {},
): FakeStream {
  async function* play(): AsyncGenerator<VideoFrame> {
    yield* fakeFrames(Array.from({ length: frames }, (_, i) => i));
    await Promise.resolve();
    if (error !== undefined) throw error;
  }
  return new FakeStream(play(), { live });
}

/** A source with scripted attempts, and a record of what happened. */
function scripted(attempts: readonly (FrameStream | Error)[], more: Partial<HandledSource> = {}) {
  const states: SourceState[] = [];
  const asked: SourceOptions[] = [];
  const time = new ManualTime();
  let released = 0;
  const handled: HandledSource = {
    source: { type: 'url', url: 'http://user:secret@camera/live?key=1' },
    onState: (state) => states.push(state),
    release: () => (released += 1),
    open: (_source, options) => {
      const next = attempts[asked.length];
      asked.push(options);
      return next instanceof Error ? Promise.reject(next) : Promise.resolve(next ?? connection(0));
    },
    ...more,
    options: { fps: 2, side: 8, time, ...more.options },
  };
  const types = () => states.map(({ type }) => type);
  return { handled, states, types, asked, time, released: () => released };
}

async function read(stream: FrameStream): Promise<readonly VideoFrame[]> {
  const frames: VideoFrame[] = [];
  for await (const frame of stream) frames.push(frame);
  return frames;
}

const twiceASecondApart = ({ failures }: { failures: number }) => (failures < 3 ? 1000 : null);

describe('a source that is tried once', () => {
  test('opens, plays, ends, and releases its resources', async () => {
    const { handled, types, released } = scripted([connection(3, { live: false })]);
    const handler = await SourceHandler.open(handled);
    expect(handler.state).toEqual({ type: 'playing' });
    expect((await read(handler)).map(({ index, videoTime }) => [index, videoTime])).toEqual([
      [0, 0],
      [1, 0.5],
      [2, 1],
    ]);
    expect(types()).toEqual(['opening', 'playing', 'ended']);
    expect(released()).toBe(1);
  });

  test('fails with the error of opening, and releases everything', async () => {
    const { handled, states, released } = scripted([broken]);
    await expect(SourceHandler.open(handled)).rejects.toBe(broken);
    expect(states.at(-1)).toEqual({ type: 'failed', error: broken });
    expect(released()).toBe(1);
  });

  test("fails with the stream's error, after the frames before it", async () => {
    const { handled, types, released, asked } = scripted([connection(2, { error: broken })]);
    const handler = await SourceHandler.open(handled);
    const frames: VideoFrame[] = [];
    const reading = (async () => {
      for await (const frame of handler) frames.push(frame);
    })();
    await expect(reading).rejects.toBe(broken);
    expect(frames).toHaveLength(2);
    expect(types()).toEqual(['opening', 'playing', 'failed']);
    expect([released(), asked.length]).toEqual([1, 1]);
  });

  test('releases its resources after its stream is disposed of, also when that fails', async () => {
    const order: string[] = [];
    const stream = connection(1, { error: broken });
    stream[Symbol.asyncDispose] = () => {
      order.push('disposed');
      return Promise.resolve();
    };
    const { handled } = scripted([stream], { release: () => order.push('released') });
    await expect(read(await SourceHandler.open(handled))).rejects.toBe(broken);
    expect([order.at(-1), order.filter((step) => step === 'released')]).toEqual(['released', ['released']]);
  });

  test('is disposed of once, however often that is requested', async () => {
    const stream = connection(5);
    const { handled, released, types } = scripted([stream]);
    const handler = await SourceHandler.open(handled);
    for await (const frame of handler) if (frame.index === 1) break;
    await handler[Symbol.asyncDispose]();
    await handler[Symbol.asyncDispose]();
    expect(stream.disposed).toBe(true);
    expect(released()).toBe(1);
    expect(types().filter((type) => type === 'ended')).toHaveLength(1);
  });

  test('invalid options are refused before anything is opened', async () => {
    const { handled, asked, released } = scripted([], { options: { fps: 0, side: 8 } });
    await expect(SourceHandler.open(handled)).rejects.toMatchObject({ code: 'invalid_request' });
    expect([asked.length, released()]).toEqual([0, 1]);
  });
});

describe('how it is played', () => {
  test('by default in real time, and under its own name without its secrets', async () => {
    const { handled, asked } = scripted([connection(1, { live: false })]);
    await using handler = await SourceHandler.open(handled);
    expect(asked[0]).toMatchObject({ pacing: 'realtime', name: 'http://camera/live' });
    expect(handler).toMatchObject({ realtime: true, name: 'http://camera/live' });
  });

  test.each([
    ['a recording is played fast when that is asked for', false, false],
    ['a live source is in real time, whatever was asked for', true, true],
  ])('%s', async (_, live, realtime) => {
    const { handled } = scripted([connection(1, { live })], {
      options: { fps: 2, side: 8, pacing: 'fast', name: 'clip' },
    });
    await using handler = await SourceHandler.open(handled);
    expect(handler.realtime).toBe(realtime);
  });

  test('a pause holds the stream until it is resumed', async () => {
    const stream = connection(1);
    const { handled, types } = scripted([stream]);
    await using handler = await SourceHandler.open(handled);
    handler.pause();
    expect(stream.paused).toBe(true);
    handler.resume();
    expect(stream.paused).toBe(false);
    expect(types()).toEqual(['opening', 'playing', 'paused', 'playing']);
  });

  test('a file gives the same frames as openVideo', async () => {
    const path = makeClip({ frames: 60, rate: '30' });
    const options = { ...clipOptions, fps: 4 };
    await using direct = await openVideo({ type: 'file', path }, options);
    await using handler = await SourceHandler.open({ source: { type: 'file', path }, options });
    expect(handler.info).toEqual(direct.info);
    expect(await read(handler)).toEqual(await read(direct));
  });

  test('pushed pictures are passed to its receiver', async () => {
    const options = { fps: 2, side: 8 };
    await using handler = await SourceHandler.open({ source: { type: 'pictures' }, options });
    const bytes = new Uint8Array(2 * 2 * 3);
    const pushed = handler.receiver?.push({ type: 'rgb', width: 2, height: 2, bytes }, 0);
    for await (const frame of handler) {
      expect(frame).toMatchObject({ index: 0, videoTime: 0 });
      break;
    }
    expect(await pushed).toBe('taken');
  });
});

describe('a source that is tried again', () => {
  test('opens at the first attempt that succeeds', async () => {
    const { handled, states, time } = scripted([broken, broken, connection(1)], { retry: twiceASecondApart });
    const opening = SourceHandler.open(handled);
    for (let tries = 0; tries < 2; tries += 1) {
      await settle();
      expect(states.at(-1)).toEqual({ type: 'reconnecting', delayMs: 1000, error: broken });
      await time.advance(1000);
    }
    await using handler = await opening;
    expect(handler.state).toEqual({ type: 'playing' });
  });

  test('fails with the last error when the policy gives it up', async () => {
    const last = new DuetError('source_failed', 'still away');
    const { handled, time, asked } = scripted([broken, broken, last], { retry: twiceASecondApart });
    const opening = SourceHandler.open(handled);
    const refused = expect(opening).rejects.toBe(last);
    for (let tries = 0; tries < 2; tries += 1) {
      await settle();
      await time.advance(1000);
    }
    await refused;
    expect(asked).toHaveLength(3);
  });

  test('continues midway: frame numbers go on, and time advances with the wall clock', async () => {
    const attempts = [connection(3, { error: broken }), broken, connection(2)];
    const { handled, types, time, asked } = scripted(attempts, { retry: twiceASecondApart });
    const handler = await SourceHandler.open({ ...handled, options: { ...handled.options, maxFrames: 9 } });
    const reading = read(handler);
    for (let tries = 0; tries < 2; tries += 1) {
      await settle();
      await time.advance(1000);
    }
    expect((await reading).map(({ index, videoTime }) => [index, videoTime])).toEqual([
      [0, 0],
      [1, 0.5],
      [2, 1],
      [3, 3],
      [4, 3.5],
    ]);
    expect(types()).toEqual([
      ...['opening', 'playing', 'reconnecting', 'opening', 'reconnecting', 'opening', 'playing', 'ended'],
    ]);
    expect(asked.map(({ maxFrames }) => maxFrames)).toEqual([9, 6, 6]);
    expect(handler.warnings).toEqual(['the source broke off and was connected again']);
  });

  test('every frame resets the count of failures', async () => {
    const attempts = Array.from({ length: 6 }, () => connection(1, { error: broken }));
    const { handled, time, asked } = scripted([...attempts, connection(1)], { retry: twiceASecondApart });
    const reading = read(await SourceHandler.open(handled));
    for (let tries = 0; tries < 6; tries += 1) {
      await settle();
      await time.advance(1000);
    }
    expect((await reading).map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(asked).toHaveLength(7);
  });

  test('a recording that breaks midway is not, since it would start again', async () => {
    const attempts = [connection(2, { error: broken, live: false }), connection(2)];
    const { handled, asked } = scripted(attempts, { retry: twiceASecondApart });
    await expect(read(await SourceHandler.open(handled))).rejects.toBe(broken);
    expect(asked).toHaveLength(1);
  });

  test('a pause, its listener and its dropped frames survive reconnection', async () => {
    const hear = (notice: StreamNotice) => notice;
    const first = Object.assign(connection(1, { error: broken }), { dropped: 2 });
    const heard: unknown[] = [];
    const second = Object.assign(connection(1), {
      dropped: 3,
      listen: (given: unknown) => heard.push(given),
    });
    const { handled, time } = scripted([first, second], { retry: twiceASecondApart });
    const handler = await SourceHandler.open(handled);
    handler.listen(hear);
    handler.pause();
    const reading = read(handler);
    await settle();
    await time.advance(1000);
    await reading;
    expect(second.paused).toBe(true);
    expect(heard).toEqual([hear]);
    expect(handler.dropped).toBe(5);
  });
});

describe('a source that is ended while it waits for its next attempt', () => {
  test('by its signal: pending calls reject, and there are no more attempts', async () => {
    const abort = new AbortController();
    const { handled, asked, released, time, types } = scripted([broken, connection(1)], {
      retry: twiceASecondApart,
    });
    const opening = SourceHandler.open(handled, abort.signal);
    const refused = expect(opening).rejects.toMatchObject({ code: 'cancelled' });
    await settle();
    abort.abort();
    await refused;
    expect([asked.length, released(), time.sleeping, types().at(-1)]).toEqual([1, 1, 0, 'ended']);
  });

  test('by its disposal: its reading ends without an error', async () => {
    const { handled, asked, released, types } = scripted([connection(1, { error: broken })], {
      retry: twiceASecondApart,
    });
    const handler = await SourceHandler.open(handled);
    const reading = read(handler);
    await settle();
    expect(handler.state.type).toBe('reconnecting');
    await handler[Symbol.asyncDispose]();
    expect(await reading).toHaveLength(1);
    expect([asked.length, released(), types().at(-1)]).toEqual([1, 1, 'ended']);
  });
});
