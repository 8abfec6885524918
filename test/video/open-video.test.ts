import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import { openVideo } from '../../server/video/open-video.js';
import { clipSide, makeClip, makeFile, readIndex, writeFile } from '../support/clips.js';
import { ManualTime, settle } from '../support/manual-time.js';
import { clipOptions, openClip, readAll, readClip } from '../support/open-clip.js';
import { waitUntil } from '../support/wait-until.js';

const thirtyFps = { frames: 360, rate: '30' };

describe('what is known of a video', () => {
  test.each([
    ['MP4', thirtyFps, { codec: 'h264', fps: 30, duration: 12 }],
    ['NTSC film', { frames: 240, rate: '24000/1001' }, { codec: 'h264', fps: 24000 / 1001, duration: 10.01 }],
    ['Matroska', { ...thirtyFps, container: 'mkv' }, { codec: 'h264', fps: 30, duration: 12 }],
    ['MPEG-TS', { ...thirtyFps, container: 'ts' }, { codec: 'h264', fps: 30 }],
    [
      'AVI',
      { ...thirtyFps, container: 'avi', output: ['-c:v', 'mpeg4', '-q:v', '2'] },
      { codec: 'mpeg4', fps: 30, duration: 12 },
    ],
    [
      'FLV',
      { ...thirtyFps, container: 'flv', output: ['-c:v', 'flv', '-q:v', '2'] },
      { codec: 'flv1', fps: 30 },
    ],
    [
      'an animated GIF',
      { frames: 30, rate: '10', container: 'gif', output: ['-pix_fmt', 'rgb8'] },
      { codec: 'gif' },
    ],
  ])('%s', async (_, spec, expected) => {
    await using stream = await openClip(makeClip(spec));
    expect(stream.info).toMatchObject({ ...expected, width: clipSide, height: clipSide, live: false });
  });

  test('a still picture is a video of one frame', async () => {
    const path = makeFile(['-f', 'lavfi', '-i', 'color=red:s=80x60', '-frames:v', '1'], 'png');
    await using stream = await openClip(path);
    expect(stream.info).toMatchObject({ codec: 'png', width: 80, height: 60 });
    expect(await readAll(stream)).toHaveLength(1);
  });
});

test('frames are numbered and timed from 0, as packed RGB of the requested size', async () => {
  await using stream = await openClip(makeClip(thirtyFps), { side: 96 });
  const frames = await readAll(stream);
  expect(frames.map(({ index }) => index)).toEqual([...frames.keys()]);
  expect(frames[0]?.videoTime).toBe(0);
  for (const { picture } of frames) {
    expect(picture).toMatchObject({ width: 96, height: 96 });
    expect(picture.rgb).toHaveLength(96 * 96 * 3);
  }
});

test('each frame has its own memory', async () => {
  await using stream = await openClip(makeClip(thirtyFps));
  const frames = await readAll(stream);
  expect(new Set(frames.map(({ picture }) => picture.rgb.buffer)).size).toBe(frames.length);
});

test('relative paths count from the working directory', async () => {
  await expect(openClip('package.json')).rejects.toMatchObject({ code: 'source_failed' });
});

test('the frames can be read once', async () => {
  await using stream = await openClip(makeClip(thirtyFps));
  await readAll(stream);
  await expect(readAll(stream)).rejects.toMatchObject({ code: 'internal' });
});

test('a size that changes midway changes neither the size of the frames nor the order of times', async () => {
  const part = (side: number, offset: number) =>
    makeClip({
      ...{ frames: 60, rate: '30', container: 'ts', filters: [`scale=${side}:${side}:flags=neighbor`] },
      output: [
        '-c:v',
        'libx264',
        '-bf',
        '0',
        '-crf',
        '10',
        '-muxdelay',
        '0',
        '-output_ts_offset',
        String(offset),
      ],
    });
  const joined = Buffer.concat([
    readFileSync(part(64, 0)),
    readFileSync(part(128, 2)),
    readFileSync(part(32, 4)),
  ]);
  await using stream = await openClip(writeFile('joined.ts', joined), { fps: 5 });
  const frames = await readAll(stream);
  expect(frames.length).toBeGreaterThanOrEqual(29);
  expect(frames.length).toBeLessThanOrEqual(33);
  for (const [k, { videoTime, picture }] of frames.entries()) {
    expect(picture.rgb).toHaveLength(clipSide * clipSide * 3);
    expect(videoTime).toBeGreaterThan(frames[k - 1]?.videoTime ?? -1);
    expect(readIndex(picture)).toBe(Math.round((videoTime % 2) * 30) % 60);
  }
});

describe('realtime', () => {
  test('no frame comes before its time, and a pause holds the clock', async () => {
    const time = new ManualTime();
    await using stream = await openClip(makeClip(thirtyFps), { pacing: 'realtime', time, maxFrames: 4 });
    const seen: [wall: number, videoTime: number][] = [];
    const reading = (async () => {
      for await (const { videoTime } of stream) seen.push([time.now(), videoTime]);
    })();
    await waitUntil(() => time.sleeping === 1);
    expect(seen).toEqual([[0, 0]]);
    await time.advance(499);
    expect(seen).toHaveLength(1);
    await time.advance(1);
    await waitUntil(() => time.sleeping === 1);
    expect(seen).toEqual([
      [0, 0],
      [500, 0.5],
    ]);
    stream.pause();
    await settle();
    await time.advance(10_000);
    expect(seen).toHaveLength(2);
    stream.resume();
    await waitUntil(() => time.sleeping === 1);
    await time.advance(500);
    await waitUntil(() => time.sleeping === 1);
    await time.advance(500);
    await reading;
    expect(seen).toEqual([
      [0, 0],
      [500, 0.5],
      [11_000, 1],
      [11_500, 1.5],
    ]);
  });

  test('a video with fast pacing can be paused too', async () => {
    await using stream = await openClip(makeClip(thirtyFps));
    const frames = stream[Symbol.asyncIterator]();
    await frames.next();
    stream.pause();
    let came = false;
    const next = frames.next().then((result) => {
      came = true;
      return result;
    });
    await settle();
    expect(came).toBe(false);
    stream.resume();
    expect((await next).value).toMatchObject({ videoTime: 0.5 });
  });
});

test('the reference sampler resizes the full picture as the reference does', async () => {
  // Noise shows every difference between two scalers.
  const path = makeFile(
    [
      '-f',
      'lavfi',
      '-i',
      'color=gray:s=128x96:r=10:d=1',
      '-vf',
      'format=bgr0,noise=alls=90:allf=t',
      '-c:v',
      'ffv1',
    ],
    'mkv',
  );
  const reference = { sampler: 'reference', side: 48 } as const;
  await using shrunk = await openClip(path, reference);
  await using scaled = await openClip(path, { side: 48 });
  const [ours] = await readAll(shrunk);
  const [theirs] = await readAll(scaled);
  expect(ours?.picture.rgb).toHaveLength(48 * 48 * 3);
  expect(ours?.picture.rgb).not.toEqual(theirs?.picture.rgb);
  // Top padding of (48 - 36) / 2 rows.
  expect(ours?.picture.rgb.subarray(0, 48 * 3 * 6).every((value) => value === 0)).toBe(true);
});

test('several videos can be read at once', async () => {
  const path = makeClip(thirtyFps);
  const all = await Promise.all(Array.from({ length: 6 }, () => readClip(path)));
  for (const { indices } of all) expect(indices).toEqual(Array.from({ length: 24 }, (_, k) => k * 15));
});

test('a video whose file is deleted while it is read ends or fails, but does not hang', async () => {
  const path = writeFile('shrinking.ts', readFileSync(makeClip({ ...thirtyFps, container: 'ts' })));
  await using stream = await openClip(path, { fps: 30 });
  const frames = stream[Symbol.asyncIterator]();
  await frames.next();
  const file = openSync(path, 'w');
  writeSync(file, 'gone');
  closeSync(file);
  const rest = (async () => {
    while ((await frames.next()).done !== true);
  })();
  await expect(rest.catch(() => 'ended')).resolves.toBeOneOf([undefined, 'ended']);
});

test('openVideo finds ffmpeg itself', async () => {
  const { fps, sampler, side, pacing, ffmpegPolicy } = clipOptions;
  const options = { fps, sampler, side, pacing, ...(ffmpegPolicy && { ffmpegPolicy }) };
  await using stream = await openVideo({ type: 'file', path: makeClip(thirtyFps) }, options);
  expect(stream.info.codec).toBe('h264');
});
