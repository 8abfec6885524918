import { readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import { eventsOf, modelByBrightness, openSession } from '../../support/duet-session.js';
import { cutFile, ffmpeg, makeClip, makeFile, writeFile } from '../../support/clips.js';
import type { ClipSpec } from '../../support/clips.js';
import { openClip, readAll, readClip } from '../../support/open-clip.js';

const clip: ClipSpec = { frames: 100, rate: '25', output: ['-c:v', 'libx264', '-bf', '0', '-crf', '10'] };
const mpeg2 = ['-c:v', 'mpeg2video', '-q:v', '2'];

/** A clip and a sound that begins this many seconds before it and lasts this long. */
function withSound(
  early: number,
  length: number,
  container: string,
  codecs = ['-c:v', 'copy', '-c:a', 'pcm_s16le'],
): string {
  const sound = ['-f', 'lavfi', '-i', `sine=d=${length}`];
  const picture = ['-itsoffset', String(early), '-i', makeClip(clip)];
  return makeFile([...sound, ...picture, '-map', '0:a', '-map', '1:v', ...codecs], container);
}

describe('zero is where the first stream of the container begins, as players show it', () => {
  const aac = ['-c:v', 'copy', '-c:a', 'aac'];
  // Audio encoders need some milliseconds to start up, by which some muxers delay the picture.
  test.each<[string, () => string, number, number]>([
    ['MP4, the picture 3 s after the sound', () => withSound(3, 7, 'mp4', aac), 3, 0.03],
    ['Matroska, the same', () => withSound(3, 7, 'mkv'), 3, 0],
    ['FLV, the same', () => withSound(3, 7, 'flv', aac), 3, 0.03],
    ['MPEG-TS, the same', () => withSound(3.2, 7, 'ts', aac), 3.2, 0.03],
    [
      'WebM with a sound that begins before 0',
      () => withSound(0, 4, 'webm', ['-c:v', 'libvpx', '-c:a', 'libopus']),
      0,
      0.01,
    ],
    [
      'MPEG-TS that begins at 10 hours',
      () =>
        makeClip({
          ...clip,
          container: 'ts',
          output: [...(clip.output ?? []), '-output_ts_offset', '36000'],
        }),
      0,
      0,
    ],
    [
      'MPEG-PS that begins at half a second',
      () => makeClip({ ...clip, container: 'mpg', output: mpeg2 }),
      0,
      0,
    ],
  ])('%s', async (_, make, start, tolerance) => {
    const { times, indices } = await readClip(make());
    expect(indices[0]).toBe(0);
    expect(Math.abs((times[0] ?? NaN) - start)).toBeLessThanOrEqual(tolerance);
    // Each later frame is the first at or after its tick, on that clock.
    for (const [at, time] of times.slice(1, 7).entries()) {
      const tick = (Math.floor((times[0] ?? NaN) * 2) + at + 1) / 2;
      expect(time - tick).toBeGreaterThanOrEqual(-0.011);
      expect(time - tick).toBeLessThan(0.0401);
      expect(time - (indices[at + 1] ?? NaN) / 25).toBeCloseTo(times[0] ?? NaN, 2);
    }
  });
});

describe('during a gap', () => {
  /** 25 frames a second, but none between 1.4 s and a moment later. */
  const still = (until: number, container: string, output: readonly string[]): ClipSpec => ({
    ...{ frames: 60, rate: '25', container, output, timeBase: '1:1000' },
    filters: ['settb=1/1000', `setpts=N*40+gte(N\\,36)*${Math.round((until - 1.44) * 1000)}`],
  });
  const x264 = ['-c:v', 'libx264', '-bf', '0', '-crf', '10'];
  test.each([
    ['MP4', 6, still(6, 'mp4', x264)],
    ['Matroska, for a minute', 61, still(61, 'mkv', x264)],
    [
      'WebM, for two minutes',
      121,
      still(121, 'webm', ['-c:v', 'libvpx', '-b:v', '2M', '-auto-alt-ref', '0']),
    ],
    ['MPEG-TS, for a minute', 61, still(61, 'ts', x264)],
    ['FLV', 31, still(31, 'flv', x264)],
  ])('its last one is shown at every tick (%s)', async (_, until, spec) => {
    const { indices, times } = await readClip(makeClip(spec));
    const gap = Array.from({ length: (until - 1.5) * 2 }, (_, k) => 1.5 + k / 2);
    expect(times.slice(0, 3)).toEqual([0, 0.52, 1]);
    expect(times.slice(3, 3 + gap.length)).toEqual(gap);
    expect(new Set(indices.slice(3, 3 + gap.length))).toEqual(new Set([35]));
    expect(times.slice(3 + gap.length)).toEqual(
      [until, until + 0.52].map((time) => expect.closeTo(time, 4) as number),
    );
    expect(indices.slice(3 + gap.length)).toEqual([36, 49]);
  });

  test('it is also found in a file that begins late', async () => {
    const early = makeClip(still(6, 'mp4', x264));
    const { indices, times } = await readClip(
      makeFile(['-itsoffset', '4', '-i', early, '-c', 'copy'], 'mp4'),
    );
    expect(times.slice(3, 12)).toEqual([5.5, 6, 6.5, 7, 7.5, 8, 8.5, 9, 9.5]);
    expect(new Set(indices.slice(3, 12))).toEqual(new Set([35]));
    expect([times[0], times[12]]).toEqual([expect.closeTo(4, 2), expect.closeTo(10, 2)]);
  });

  test('a question is asked at its time, not after the gap', async () => {
    await using stream = await openClip(makeClip(still(6, 'mp4', x264)), { side: 2 });
    const session = await openSession(modelByBrightness());
    session.addUserText('What is it?', { videoTime: 3 });
    await session.watch(stream, { source: 'still', samplingFps: 2, realtime: false });
    expect(eventsOf(session, 'user.text.inserted')).toMatchObject([{ videoTime: 3 }]);
    await session.close('finished');
  });

  test('at the end of the video it is shown until the sound ends', async () => {
    const { indices, times } = await readClip(withSound(0, 20, 'mp4', ['-c:v', 'copy', '-c:a', 'aac']));
    expect(times.slice(8, 40)).toEqual(Array.from({ length: 32 }, (_, k) => 4 + k / 2));
    expect(new Set(indices.slice(8))).toEqual(new Set([99]));
  });

  test('but a truncated copy ends at the cut', async () => {
    const whole = makeClip({ ...clip, frames: 500, container: 'mkv' });
    const { times } = await readClip(cutFile(whole, 0.5));
    expect(times.length).toBeGreaterThan(10);
    expect(times.at(-1)).toBeLessThan(15);
  });

  test('for ten minutes at most; a longer gap is skipped and noted', async () => {
    const path = makeClip({
      ...{ frames: 3, rate: '1', container: 'mkv', output: x264, timeBase: '1:1000' },
      filters: ['settb=1/1000', 'setpts=if(eq(N\\,0)\\,0\\,36000000+N*1000)'],
    });
    await using stream = await openClip(path, { fps: 1 });
    const frames = await readAll(stream);
    expect(frames.map(({ videoTime }) => videoTime).slice(599)).toEqual([599, 600, 36_001, 36_002]);
    expect(stream.warnings).toContainEqual(expect.stringContaining('no picture came from 601 s to 36001 s'));
  });
});

describe('a clock that restarts', () => {
  const half = (container: string, output: readonly string[]) => makeClip({ ...clip, container, output });
  /** Where the second of two joined files was not read at all. */
  const old = ffmpeg.libavcodec.major < 59;
  test.each([
    ['Matroska', 'mkv', ['-c:v', 'libx264', '-bf', '0', '-crf', '10']],
    ['WebM', 'webm', ['-c:v', 'libvpx', '-b:v', '2M', '-auto-alt-ref', '0']],
    ['MPEG-TS', 'ts', ['-c:v', 'libx264', '-bf', '0', '-crf', '10']],
    ['MPEG-PS', 'mpg', mpeg2],
  ])('continues from the last picture (%s files joined)', async (name, container, output) => {
    if (old && /Matroska|WebM/.test(name)) return;
    const bytes = readFileSync(half(container, output));
    const { indices, times } = await readClip(writeFile(`twice.${container}`, Buffer.concat([bytes, bytes])));
    expect(times.length).toBeGreaterThanOrEqual(16);
    for (const [k, time] of times.slice(0, 16).entries()) {
      expect(time).toBeGreaterThanOrEqual(k / 2);
      expect(time).toBeLessThan(k / 2 + 0.0401);
      // MPEG-PS loses the last picture of its first half.
      expect(Math.abs((indices[k] ?? NaN) - (Math.round(time * 25) % 100))).toBeLessThanOrEqual(2);
    }
  });
});

describe('pictures that begin long after the sound', () => {
  // ffmpeg has not seen them when it describes the file.
  test.each([
    ['MPEG-TS', 'ts'],
    ['Matroska', 'mkv'],
    ['FLV', 'flv'],
  ])('are read at their times, with their size, without a warning: %s', async (_, container) => {
    const path = withSound(12, 16, container, ['-c:v', 'copy', '-c:a', 'aac']);
    await using stream = await openClip(path);
    const frames = await readAll(stream);
    expect(stream.info).toMatchObject({ width: 64, height: 64, codec: 'h264' });
    expect(frames).toHaveLength(8);
    expect(Math.abs((frames[0]?.videoTime ?? NaN) - 12)).toBeLessThanOrEqual(0.05);
    expect(stream.warnings).toEqual([]);
  });
});

describe('the pictures of a GIF are shown for their delays', () => {
  const slow = (delay: number) => makeFile(['-i', makeClip({ frames: 3, rate: `1/${delay}` })], 'gif');

  test.each([2, 5])('the last one too: %i s', async (delay) => {
    const { indices, times } = await readClip(slow(delay), { fps: 1 });
    expect(times).toEqual(Array.from({ length: 3 * delay }, (_, i) => i));
    expect(indices).toEqual(Array.from({ length: 3 * delay }, (_, i) => Math.floor(i / delay)));
  });
});

test.each(['mp4', 'mkv'])(
  'a %s whose only pictures begin at 4 s shows them from there, and ends where they do',
  async (container) => {
    const path = makeFile(['-itsoffset', '4', '-i', makeClip(clip), '-c', 'copy'], container);
    const { indices, times } = await readClip(path);
    expect(indices).toEqual([0, 13, 25, 38, 50, 63, 75, 88]);
    expect([times[0], times.at(-1)]).toEqual([expect.closeTo(4, 2), expect.closeTo(7.52, 2)]);
  },
);
