import { readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import type { Picture } from '../../../server/video/frame.js';
import type { SamplingOptions } from '../../../server/video/sampling/sampling-options.js';
import { letterboxSize } from '../../../server/video/pictures/letterbox-size.js';
import { makeFile, writeFile } from '../../support/clips.js';
import { openClip, readAll } from '../../support/open-clip.js';

/** The rectangle that is not black, in the form of {@link letterboxSize}. */
function litRectangle({ width: side, rgb }: Picture): {
  width: number;
  height: number;
  left: number;
  top: number;
} {
  let [left, top, right, bottom] = [side, side, -1, -1];
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      if ((rgb[(y * side + x) * 3] ?? 0) < 64) continue;
      [left, top, right, bottom] = [
        Math.min(left, x),
        Math.min(top, y),
        Math.max(right, x),
        Math.max(bottom, y),
      ];
    }
  }
  return { width: right - left + 1, height: bottom - top + 1, left, top };
}

/** A white video of one frame. */
function whiteClip(width: number, height: number, filters = 'null'): string {
  const args = [
    ...['-f', 'rawvideo', '-pix_fmt', 'gray', '-s', `${width}x${height}`, '-i', 'pipe:0', '-vf', filters],
    ...['-pix_fmt', 'yuv444p', '-c:v', 'ffv1'],
  ];
  return makeFile(args, 'mkv', () => Buffer.alloc(width * height, 255));
}

async function onlyFrame(path: string, side: number, more: Partial<SamplingOptions> = {}): Promise<Picture> {
  await using stream = await openClip(path, { side, ...more });
  const [frame, ...others] = await readAll(stream);
  expect(others).toEqual([]);
  if (frame === undefined) throw new Error('no frame came');
  return frame.picture;
}

test.each([
  ['landscape', 1280, 720, 384, { width: 384, height: 216, left: 0, top: 84 }],
  ['portrait', 720, 1280, 384, { width: 216, height: 384, left: 84, top: 0 }],
  ['square', 100, 100, 384, { width: 384, height: 384, left: 0, top: 0 }],
  [
    'an odd number of padding pixels: the extra one at the bottom',
    854,
    480,
    384,
    { width: 384, height: 215, left: 0, top: 84 },
  ],
  [
    'an odd number of padding pixels: the extra one at the right',
    480,
    854,
    384,
    { width: 215, height: 384, left: 84, top: 0 },
  ],
  ['never thinner than one pixel', 10000, 2, 384, { width: 384, height: 1, left: 0, top: 191 }],
])('%s (%d x %d)', (_, width, height, side, expected) => {
  expect(letterboxSize(width, height, side)).toEqual(expected);
});

describe('ffmpeg fits pictures as letterboxSize does', () => {
  test.each([
    [1280, 720, 384],
    [720, 1280, 384],
    [854, 480, 384],
    [481, 853, 384],
    [641, 479, 97],
    [100, 100, 64],
    [1, 1, 64],
    [3, 1, 64],
    [1, 7, 33],
    [10000, 2, 384],
    [2, 10000, 384],
    [2, 10000, 31],
  ])('%d x %d in a square of %d', async (width, height, side) => {
    expect(litRectangle(await onlyFrame(whiteClip(width, height), side))).toEqual(
      letterboxSize(width, height, side),
    );
  });
});

describe('a stretched picture fills its square', () => {
  test.each([
    [1280, 720, 300],
    [481, 853, 300],
    [3, 1, 64],
  ])('%d x %d in a square of %d', async (width, height, side) => {
    for (const sampler of ['timestamps', 'reference'] as const) {
      const picture = await onlyFrame(whiteClip(width, height), side, { fit: 'stretch', sampler });
      expect(litRectangle(picture)).toEqual({ width: side, height: side, left: 0, top: 0 });
    }
  });

  test('and what was at its left third stays there', async () => {
    const half = whiteClip(120, 40, "geq=lum='255*lt(X,40)'");
    const picture = await onlyFrame(half, 60, { fit: 'stretch' });
    expect(litRectangle(picture)).toEqual({ width: 20, height: 60, left: 0, top: 0 });
  });
});

test('non-square pixels are stretched as a player does', async () => {
  const path = whiteClip(100, 100, 'setsar=2/1');
  expect(litRectangle(await onlyFrame(path, 64))).toEqual(letterboxSize(200, 100, 64));
});

test('a video rotated by its metadata is upright', async () => {
  // Left half white, right half black; rotated by 90 degrees clockwise the upper half is white.
  const lying = makeFile(
    [
      ...[
        '-f',
        'lavfi',
        '-i',
        'color=black:s=128x64:r=1',
        '-vf',
        'drawbox=w=64:h=64:color=white:t=fill',
        '-frames:v',
        '1',
      ],
      ...['-pix_fmt', 'yuv420p', '-c:v', 'libx264', '-crf', '5'],
    ],
    'mp4',
  );
  const picture = await onlyFrame(writeFile('turned.mp4', turned(readFileSync(lying))), 64);
  expect(litRectangle(picture)).toEqual({ width: 32, height: 32, left: 16, top: 0 });
});

/** An MP4 with the matrix of its track header set to a quarter turn. */
function turned(mp4: Buffer): Buffer {
  const copy = Buffer.from(mp4);
  const matrix = copy.indexOf('tkhd') + 4 + 40;
  const quarterTurn = [0, 0x10000, 0, -0x10000, 0, 0, 64 << 16, 0, 0x40000000];
  for (const [at, value] of quarterTurn.entries()) copy.writeInt32BE(value, matrix + at * 4);
  return copy;
}

describe('colours', () => {
  /** RGB in the middle of a clip of one colour, encoded with `pixelFormat`. */
  async function colour(
    source: string,
    pixelFormat: string,
    extra: readonly string[] = [],
    codec = 'ffv1',
    extension = 'mkv',
  ): Promise<number[]> {
    const args = [
      '-f',
      'lavfi',
      '-i',
      `${source}:s=64x64:r=1`,
      '-frames:v',
      '1',
      '-pix_fmt',
      pixelFormat,
      ...extra,
      '-c:v',
      codec,
    ];
    const { rgb, width } = await onlyFrame(makeFile(args, extension), 64);
    const middle = (32 * width + 32) * 3;
    return [...rgb.subarray(middle, middle + 3)];
  }

  test.each([
    ['8 bits', 'yuv420p', 'ffv1', 'mkv'],
    ['10 bits', 'yuv420p10le', 'ffv1', 'mkv'],
    ['full range', 'yuvj420p', 'mjpeg', 'avi'],
    ['packed RGB', 'bgr0', 'ffv1', 'mkv'],
    ['4:4:4', 'yuv444p', 'ffv1', 'mkv'],
  ])('are the same in %s', async (_, pixelFormat, codec, extension) => {
    const [red = 0, green = 0, blue = 0] = await colour('color=0xC86432', pixelFormat, [], codec, extension);
    expect(Math.abs(red - 0xc8) + Math.abs(green - 0x64) + Math.abs(blue - 0x32)).toBeLessThanOrEqual(8);
  });

  test('of gray video are gray', async () => {
    const [red = 0, green = 0, blue = 0] = await colour('color=0x808080', 'gray');
    expect([red, green, blue].every((value) => Math.abs(value - 0x80) <= 2)).toBe(true);
  });

  test.each(['yuva420p', 'bgra'])(
    'under full transparency (%s) do not come to light',
    async (pixelFormat) => {
      expect(
        await colour('color=0xC86432@0', pixelFormat, ['-vf', `format=rgba,colorchannelmixer=aa=0`]),
      ).toEqual([0, 0, 0]);
    },
  );

  test('under half transparency are half as bright', async () => {
    const [red = 0, green = 0, blue = 0] = await colour('color=0xC86432', 'bgra', [
      '-vf',
      `format=rgba,colorchannelmixer=aa=0.5`,
    ]);
    expect(Math.abs(red - 100) + Math.abs(green - 50) + Math.abs(blue - 25)).toBeLessThanOrEqual(6);
  });
});
