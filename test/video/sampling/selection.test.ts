import { describe, expect, test } from 'vitest';

import type { OpenVideoOptions } from '../../../server/video/open-video.js';
import { makeClip, makeFile } from '../../support/clips.js';
import type { ClipSpec } from '../../support/clips.js';
import { openClip, readClip } from '../../support/open-clip.js';

/** A clip and the true time of each of its frames, in seconds since the first. */
interface TimedClip {
  readonly name: string;
  readonly spec: ClipSpec;
  readonly time: (index: number) => number;
  /** Numerator and denominator of the rate that the container declares. */
  readonly rate: readonly [number, number];
}

const vp8 = ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '2M', '-auto-alt-ref', '0'];

function constant(numerator: number, denominator: number): TimedClip {
  const rate = denominator === 1 ? String(numerator) : `${numerator}/${denominator}`;
  return {
    name: `${rate} frames a second`,
    spec: { frames: Math.ceil((numerator / denominator) * 12), rate },
    time: (index) => (index * denominator) / numerator,
    rate: [numerator, denominator],
  };
}

const constantClips = [
  constant(15, 1),
  constant(24000, 1001),
  constant(25, 1),
  constant(30000, 1001),
  constant(30, 1),
  constant(60, 1),
];

/** Seconds between frames: 0.02, 0.04, 0.06, 0.09 and again. */
function variableTime(index: number): number {
  return (Math.floor(index / 4) * 210 + (index % 4) * ((index % 4) + 1) * 10) / 1000;
}

const otherClips: readonly TimedClip[] = [
  {
    name: 'a variable rate',
    spec: {
      frames: 200,
      rate: '25',
      container: 'mkv',
      timeBase: '1:1000',
      filters: ['settb=1/1000', 'setpts=floor(N/4)*210+mod(N\\,4)*(mod(N\\,4)+1)*10'],
    },
    time: variableTime,
    rate: [0, 1],
  },
  {
    name: 'gaps of 3 seconds',
    spec: {
      frames: 200,
      rate: '20',
      container: 'mkv',
      timeBase: '1:1000',
      filters: ['settb=1/1000', 'setpts=N*50+floor(N/50)*3000'],
    },
    time: (index) => (index * 50 + Math.floor(index / 50) * 3000) / 1000,
    rate: [20, 1],
  },
  {
    name: 'a start at 3.7 seconds',
    spec: {
      frames: 150,
      rate: '30',
      container: 'ts',
      output: ['-c:v', 'libx264', '-bf', '2', '-crf', '10', '-output_ts_offset', '3.7', '-muxdelay', '0'],
    },
    time: (index) => index / 30,
    rate: [30, 1],
  },
  {
    name: 'VP8 in WebM, times in milliseconds',
    spec: { frames: 100, rate: '30', container: 'webm', output: vp8 },
    time: (index) => Math.round((index * 1000) / 30) / 1000,
    rate: [30, 1],
  },
];

const allClips = [...constantClips, ...otherClips];
const rates = [0.5, 2, 7.3, 10];

/** An expected frame: which picture, and when. */
interface Choice {
  readonly index: number;
  readonly time: number;
}

/**
 * The rule in words: the first frame of each interval [k/F, (k+1)/F); if there is none, the picture still
 * showing at k/F.
 */
function byTimestamps({ spec, time }: TimedClip, fps: number): Choice[] {
  const cell = (index: number) => Math.floor((time(index) + 1e-9) * fps);
  const all = Array.from({ length: spec.frames }, (_, index) => index);
  return Array.from({ length: cell(spec.frames - 1) + 1 }, (_, k): Choice => {
    const first = all.find((index) => cell(index) === k);
    if (first !== undefined) return { index: first, time: time(first) };
    return { index: all.findLast((index) => cell(index) < k) ?? NaN, time: k / fps };
  });
}

/** The rule in words: the first frame of each interval [k/F, (k+1)/F). */
function byGrid(clip: TimedClip, fps: number): Choice[] {
  return byTimestamps(clip, fps).filter(({ index, time }) => clip.time(index) === time);
}

/** The reference loader's loop: a time that grows by 1/rate per frame, in floating point. */
function byReference({ spec, rate: [numerator, denominator] }: TimedClip, fps: number): number[] {
  const inputFps = numerator / denominator;
  const chosen: number[] = [];
  let time = 0;
  for (let index = 0; index < spec.frames; index += 1) {
    if (time >= chosen.length / fps) chosen.push(index);
    time += 1 / inputFps;
  }
  return chosen;
}

describe.each(allClips)('of a video with $name', (clip) => {
  test.each(rates)(
    'timestamps at %d a second takes the first frame from each tick on, and fills gaps',
    async (fps) => {
      await expectChoices(clip, { fps, sampler: 'timestamps' }, byTimestamps(clip, fps));
    },
  );

  test.each(rates)(
    'grid at %d a second takes the first frame of each interval, with its true time',
    async (fps) => {
      await expectChoices(clip, { fps, sampler: 'grid' }, byGrid(clip, fps));
    },
  );
});

describe.each(constantClips)('of a video with $name', (clip) => {
  test.each([0.5, 2, 3])(
    'reference at %d a second takes the frames that the loader of MMDuet takes',
    async (fps) => {
      // Its k-th sample is at k / fps, whatever the picture's time.
      const choices = byReference(clip, fps).map((index, tick) => ({ index, time: tick / fps }));
      await expectChoices(clip, { fps, sampler: 'reference' }, choices);
    },
  );
});

test('reference and timestamps differ at 30 frames/s, where sums of 1/30 fall short', async () => {
  const path = makeClip(constant(30, 1).spec);
  const reference = await readClip(path, { sampler: 'reference' });
  const timestamps = await readClip(path, { sampler: 'timestamps' });
  expect(timestamps.indices.slice(0, 4)).toEqual([0, 15, 30, 45]);
  expect(reference.indices.slice(0, 4)).toEqual([0, 16, 31, 45]);
});

test.each([
  ['a constant rate', constant(30, 1).spec],
  ['a rate that is no whole number', { frames: 100, rate: '30000/1001' }],
  [
    'times far apart at the end',
    { frames: 40, rate: '10', filters: ["setpts='(N+8*gt(N,30)*(N-30))/10/TB'"] },
  ],
])('the reference sampler counts frames: with %s its samples are 1 / fps apart', async (_what, spec) => {
  const path = makeClip(spec);
  for (const fps of [1, 2, 3]) {
    const { times } = await readClip(path, { fps, sampler: 'reference' });
    expect(times).toEqual(times.map((_, tick) => tick / fps));
  }
  await using stream = await openClip(path, { sampler: 'reference' });
  const { duration, fps } = stream.info;
  if (duration === null || fps === null) throw new Error('no length');
  expect(duration * fps).toBeCloseTo(Math.round(duration * fps), 6);
  // At a variable rate the container's average is not exact.
  if (!('filters' in spec)) expect(Math.round(duration * fps)).toBe(spec.frames);
});

test('ticks count from the start of the sound if it begins 1.73 seconds before the picture', async () => {
  const silent = makeClip(constant(25, 1).spec);
  const path = makeFile(
    [
      '-f',
      'lavfi',
      '-i',
      'sine=d=13',
      '-itsoffset',
      '1.73',
      '-i',
      silent,
      '-map',
      '1:v',
      '-map',
      '0:a',
      '-c:v',
      'copy',
      // Without a delay of its own, which the muxer would compensate.
      '-c:a',
      'pcm_s16le',
    ],
    'mkv',
  );
  for (const sampler of ['timestamps', 'grid'] as const) {
    const { indices, times } = await readClip(path, { sampler });
    expect(indices.slice(0, 5)).toEqual([0, 7, 20, 32, 45]);
    expect(times.slice(0, 5)).toEqual([1.73, 2.01, 2.53, 3.01, 3.53]);
  }
});

test('keyframes takes at most one key frame an interval, and nothing between them', async () => {
  const clip = makeClip({ ...constant(30, 1).spec, frames: 200 });
  const rare = await readClip(clip, { sampler: 'keyframes', fps: 0.5 });
  expect(rare.indices).toEqual([0, 60, 120, 180]);
  const often = await readClip(clip, { sampler: 'keyframes', fps: 2 });
  expect(often.indices).toEqual([0, 30, 60, 90, 120, 150, 180]);
  expect(often.times).toEqual([0, 1, 2, 3, 4, 5, 6]);
});

test('no more than maxFrames are taken', async () => {
  const { indices } = await readClip(makeClip(constant(30, 1).spec), { fps: 10, maxFrames: 5 });
  expect(indices).toEqual([0, 3, 6, 9, 12]);
});

async function expectChoices(
  clip: TimedClip,
  options: Partial<OpenVideoOptions>,
  choices: readonly Choice[],
): Promise<void> {
  const { indices, times } = await readClip(makeClip(clip.spec), options);
  expect(indices).toEqual(choices.map(({ index }) => index));
  // Times are a single division of integers and therefore equal, not close; but MPEG-TS counts in 1/90000 s,
  // which 3.7 s + n/30 s are not always.
  const exact = clip.spec.container !== 'ts';
  for (const [at, { time }] of choices.entries()) {
    if (exact) expect(times[at]).toBe(time);
    else expect(times[at]).toBeCloseTo(time, 4);
  }
}
