import { describe, expect, test } from 'vitest';

import type { VideoFrame } from '../../../server/video/frame.js';
import { openVideo } from '../../../server/video/open-video.js';
import { SourceHandler } from '../../../server/video/sources/handler.js';
import { clipOptions } from '../../support/open-clip.js';
import { makeClip } from '../../support/clips.js';
import { broken, connection, readFrames, scripted } from './scripted-source.js';

describe('a source that is tried once', () => {
  test('opens, plays, ends, and releases its resources', async () => {
    const { handled, types, released } = scripted([connection(3, { live: false })]);
    const handler = await SourceHandler.open(handled);
    expect(handler.state).toEqual({ type: 'playing' });
    expect((await readFrames(handler)).map(({ index, videoTime }) => [index, videoTime])).toEqual([
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
    await expect(readFrames(await SourceHandler.open(handled))).rejects.toBe(broken);
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
    expect(await readFrames(handler)).toEqual(await readFrames(direct));
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
