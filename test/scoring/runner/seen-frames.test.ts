import { expect, test } from 'vitest';
import { seenFrames, type SeenFrames } from '../../../server/scoring/runner/play/frames-seen.js';
import type { VideoFrame } from '../../../server/video/frame.js';
import { plainPicture } from '../../../server/runtime/scripted/scripted-model.js';
import { fakeFrames, FakeStream } from '../../support/fake-stream.js';

const values = [1, 2, 3, 4, 5, 6, 7, 8];

async function framesOf(stream: AsyncIterable<VideoFrame>): Promise<VideoFrame[]> {
  const frames: VideoFrame[] = [];
  for await (const frame of stream) frames.push(frame);
  return frames;
}

async function valuesSeen(seen: SeenFrames, video = 'a.mp4'): Promise<number[]> {
  const frames = await framesOf(seenFrames(new FakeStream(fakeFrames(values)), seen, video));
  expect(frames.map(({ index, videoTime }) => [index, videoTime])).toEqual(
    fakeFrames(values).map(({ index, videoTime }) => [index, videoTime]),
  );
  return frames.map(({ picture }) => picture.rgb[0] ?? -1);
}

test('the video is seen as it is', async () => {
  expect(await valuesSeen('video')).toEqual(values);
});

test('black pictures come at the same times, in the same size, with pixels of their own', async () => {
  const frames = await framesOf(seenFrames(new FakeStream(fakeFrames(values)), 'black', 'a.mp4'));
  const sizes = fakeFrames(values).map(({ picture }) => picture.rgb.length);
  expect(frames.map(({ picture }) => picture.rgb.length)).toEqual(sizes);
  expect(frames.every(({ picture }) => picture.rgb.every((byte) => byte === 0))).toBe(true);
  expect(new Set(frames.map(({ picture }) => picture.rgb)).size).toBe(values.length);
});

test("shuffled frames are the clip's own pictures in another order", async () => {
  const seen = await valuesSeen('shuffled');
  expect(seen).not.toEqual(values);
  expect(seen.toSorted()).toEqual(values);
});

test('the order is the same in every run, and another for another video', async () => {
  expect(await valuesSeen('shuffled')).toEqual(await valuesSeen('shuffled'));
  expect(await valuesSeen('shuffled', 'b.mp4')).not.toEqual(await valuesSeen('shuffled', 'a.mp4'));
});

test('a clip that is too long is refused before decoding, or during it if its length is unknown', async () => {
  const read: number[] = [];
  async function* endless(): AsyncGenerator<VideoFrame> {
    for (let index = 0; ; index += 1) {
      read.push(index);
      yield await Promise.resolve({ index, videoTime: index * 100, picture: plainPicture(1) });
    }
  }
  const streamOf = (duration: number | null) => new FakeStream(endless(), { duration });
  const refusal = /^long\.mp4 is too long to shuffle.* at most 10 minutes/;
  await expect(framesOf(seenFrames(streamOf(601), 'shuffled', 'long.mp4'))).rejects.toThrow(refusal);
  expect(read).toEqual([]);
  await expect(framesOf(seenFrames(streamOf(null), 'shuffled', 'long.mp4'))).rejects.toThrow(refusal);
  expect(read.length).toBeLessThan(10);
});

test('what wraps a stream ends with it, and hands on its pauses and warnings', async () => {
  const stream = new FakeStream(fakeFrames(values));
  const black = seenFrames(stream, 'black', 'a.mp4');
  expect(black.info).toBe(stream.info);
  await black[Symbol.asyncDispose]();
  expect(stream.disposed).toBe(true);
});
