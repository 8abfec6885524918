import { describe, expect, test } from 'vitest';

import type { VideoFrame } from '../../../../server/video/frame.js';
import { openVideo } from '../../../../server/video/open-video.js';
import { PushedBytes } from '../../../../server/video/sources/pushed/pushed-bytes.js';
import type { ByteReceiver, FrameStream, StreamNotice } from '../../../../server/video/stream.js';
import { ffmpeg } from '../../../support/clips.js';
import { clipOptions, readAll } from '../../../support/open-clip.js';
import { recordedChunks, type RecordedFormat } from './recorded-chunks.js';

const options = { ...clipOptions, fps: 5, sampler: undefined };

async function open(format: RecordedFormat, signal?: AbortSignal): Promise<[FrameStream, ByteReceiver]> {
  const stream = await openVideo({ type: 'container', format }, options, signal);
  if (stream.byteReceiver === undefined) throw new Error('nothing can be pushed');
  return [stream, stream.byteReceiver];
}

function ticksOf(frames: readonly VideoFrame[]): number[] {
  return frames.map(({ videoTime }) => Math.floor(videoTime * 5 + 1e-6));
}

describe('a container that is pushed', () => {
  test.each<RecordedFormat>(['webm', 'mp4', 'mpegts'])(
    'as a browser records it (%s), gives its frames without its sound, and ends with it',
    async (format) => {
      const [stream, receiver] = await open(format);
      const heard: StreamNotice[] = [];
      stream.listen?.((notice) => heard.push(notice));
      for (const chunk of recordedChunks(format)) receiver.push(chunk);
      receiver.end();
      const frames = await readAll(stream);
      const ticks = ticksOf(frames);
      expect(ticks).toEqual([...new Set(ticks)]);
      expect(ticks.length).toBeGreaterThanOrEqual(18);
      expect(heard).toEqual([{ type: 'source.resized', width: 160, height: 120 }]);
      expect(stream.info).toMatchObject({ width: 160, height: 120, live: true, duration: null });
    },
  );

  test('gives frames while it is still being recorded', async () => {
    const [stream, receiver] = await open('webm');
    const frames: VideoFrame[] = [];
    const reading = (async () => {
      for await (const frame of stream) frames.push(frame);
    })();
    for (const chunk of recordedChunks('webm').slice(0, 10)) {
      receiver.push(chunk);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await expect.poll(() => frames.length, { timeout: 20_000 }).toBeGreaterThan(5);
    receiver.end();
    await reading;
  });

  test('fails where it is something else, and says so', async () => {
    const [stream, receiver] = await open('webm');
    receiver.push(new Uint8Array(100_000).fill(65));
    receiver.end();
    await expect(readAll(stream)).rejects.toMatchObject({
      code: 'source_failed',
      message: expect.stringMatching(/^pushed webm is not a video that ffmpeg can read/) as string,
    });
  });

  test('ends by its signal, also before its first byte', async () => {
    const abort = new AbortController();
    const [stream] = await open('mp4', abort.signal);
    const reading = readAll(stream);
    setTimeout(() => {
      abort.abort();
    }, 200);
    expect(await reading).toEqual([]);
  });
});

describe('pushed bytes', () => {
  const bytes = (value: number, length = 1) => new Uint8Array(length).fill(value);

  test('are read from the first one on until they are settled', async () => {
    const pushed = new PushedBytes();
    pushed.push(bytes(1));
    pushed.push(bytes(2));
    const first = pushed.read();
    expect((await first.next()).value).toEqual(bytes(1));
    const second = pushed.read();
    expect((await second.next()).value).toEqual(bytes(1));
    expect((await first.next()).done).toBe(true);
    pushed.settle();
    pushed.end();
    expect((await second.next()).value).toEqual(bytes(2));
    expect((await second.next()).done).toBe(true);
    await expect(pushed.read().next()).rejects.toThrow('no picture was found');
  });

  test('leave no room while 16 MiB wait, and again once they are read', async () => {
    const pushed = new PushedBytes();
    pushed.settle();
    pushed.push(bytes(0, 16 * 1024 ** 2));
    let hasRoom = false;
    const room = pushed.room().then(() => (hasRoom = true));
    await Promise.resolve();
    expect(hasRoom).toBe(false);
    await pushed.read().next();
    expect(await room).toBe(true);
  });

  test('come to an end, after which none are taken', () => {
    const pushed = new PushedBytes();
    pushed.end();
    expect(() => {
      pushed.push(bytes(1));
    }).toThrow('bytes came after the end of their stream');
  });
});

test.skipIf(ffmpeg.libavcodec.major < 59)('a pause discards what is shown meanwhile', async () => {
  const [stream, receiver] = await open('webm');
  stream.pause();
  for (const chunk of recordedChunks('webm')) receiver.push(chunk);
  receiver.end();
  expect(await readAll(stream)).toEqual([]);
});
