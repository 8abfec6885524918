import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { DecoderPlaces } from '../../../server/video/ffmpeg/decoder-places.js';
import { makeClip } from '../../support/clips.js';
import { openClip, readAll } from '../../support/open-clip.js';

const never = new AbortController().signal;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

test('callers wait for the next free place, in order of arrival', async () => {
  const places = new DecoderPlaces(1);
  const leave = await places.take('a', never);
  const order: string[] = [];
  const second = places.take('b', never).then((give) => {
    order.push('b');
    return give;
  });
  await expect(places.take('c', never)).rejects.toMatchObject({ code: 'source_failed', retryable: true });
  leave();
  leave();
  const give = await second;
  const third = places.take('d', never).then(() => order.push('d'));
  expect(order).toEqual(['b']);
  give();
  await third;
  expect(order).toEqual(['b', 'd']);
});

test('a caller that waits ten seconds in vain gets an error and leaves the queue', async () => {
  const places = new DecoderPlaces(1);
  const leave = await places.take('a', never);
  const waiting = expect(places.take('b.mp4', never)).rejects.toThrow(
    'b.mp4 cannot be opened now: 1 videos are being decoded, the most at once; try again later',
  );
  await vi.advanceTimersByTimeAsync(10_000);
  await waiting;
  leave();
  await places.take('c', never);
});

test('a caller that aborts leaves the queue', async () => {
  const places = new DecoderPlaces(1);
  const leave = await places.take('a', never);
  const stop = new AbortController();
  const waiting = expect(places.take('b', stop.signal)).rejects.toThrow('enough');
  stop.abort(new Error('enough'));
  await waiting;
  leave();
  await places.take('c', never);
});

test('a video frees its place when disposed of, when it has ended, and when it fails to open', async () => {
  vi.useRealTimers();
  const places = new DecoderPlaces(1);
  const clip = makeClip({ frames: 60, rate: '30' });
  for (let k = 0; k < 3; k += 1) {
    await using stream = await openClip(clip, { places });
    if (k === 1) await readAll(stream);
  }
  await expect(openClip('/nowhere.mp4', { places })).rejects.toMatchObject({ code: 'not_found' });
  const first = await openClip(clip, { places });
  const second = openClip(clip, { places });
  await first[Symbol.asyncDispose]();
  await (await second)[Symbol.asyncDispose]();
});
