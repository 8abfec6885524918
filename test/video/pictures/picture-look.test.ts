import { readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import type { FfmpegBinary } from '../../../server/video/ffmpeg/binary.js';
import type { Picture, VideoFrame } from '../../../server/video/frame.js';
import { pictureFilters } from '../../../server/video/pictures/picture-filters.js';
import { plainTraits } from '../../../server/video/pictures/picture-traits.js';
import { openClip, readAll } from '../../support/open-clip.js';
import { ffmpeg, makeFile, writeFile } from '../../support/clips.js';

const side = 192;

async function watch(path: string, fps = 3) {
  await using stream = await openClip(path, { side, fps });
  return { info: stream.info, frames: await readAll(stream), warnings: stream.warnings ?? [] };
}

function pixel({ rgb, width }: Picture, x: number, y: number): number[] {
  return [...rgb.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];
}

/** The row at which the picture begins below the black, or its column. */
function begin(picture: Picture, direction: 'row' | 'column'): number {
  for (let at = 0; at < side; at += 1) {
    const [x, y] = direction === 'row' ? [side / 2, at] : [at, side / 2];
    if (pixel(picture, x, y).some((value) => value > 100)) return at;
  }
  return -1;
}

function first(frames: readonly VideoFrame[]): Picture {
  const [frame] = frames;
  if (frame === undefined) throw new Error('no frame came');
  return frame.picture;
}

/** One colour, given as 10-bit code values of BT.2020. */
function hdr(
  transfer: string,
  [luma, cb, cr]: readonly number[],
  codec: readonly string[],
  container: string,
) {
  const picture = `color=white:s=96x64:d=1:r=10,format=yuv420p10le,geq=lum=${luma}:cb=${cb}:cr=${cr}`;
  const colours = ['-color_primaries', 'bt2020', '-color_trc', transfer, '-colorspace', 'bt2020nc'];
  return makeFile(['-f', 'lavfi', '-i', picture, ...codec, ...colours], container);
}

const x265 = (transfer: string) => [
  '-c:v',
  'libx265',
  '-preset',
  'ultrafast',
  '-x265-params',
  `log-level=error:colorprim=bt2020:transfer=${transfer}:colormatrix=bt2020nc`,
];
const vp9 = ['-c:v', 'libvpx-vp9', '-profile:v', '2', '-cpu-used', '8'];

describe('high dynamic range', () => {
  test.each<[string, () => string, number[]]>([
    // Red and grey, at 203 nits and a fifth of that: code values computed from ST 2084 and BT.2020.
    ['red in HDR10', () => hdr('smpte2084', [392, 438, 608], x265('smpte2084'), 'mp4'), [252, 8, 0]],
    ['white in HDR10', () => hdr('smpte2084', [573, 512, 512], x265('smpte2084'), 'mkv'), [250, 250, 250]],
    [
      'white in HLG',
      () => hdr('arib-std-b67', [721, 512, 512], x265('arib-std-b67'), 'mp4'),
      [250, 250, 250],
    ],
    ['white in HLG, as VP9', () => hdr('arib-std-b67', [721, 512, 512], vp9, 'webm'), [250, 250, 250]],
    ['black in HLG', () => hdr('arib-std-b67', [64, 512, 512], x265('arib-std-b67'), 'mp4'), [0, 0, 0]],
  ])('%s is shown as on a standard-range screen', async (_, make, expected) => {
    const { frames, warnings } = await watch(make());
    for (const [channel, value] of pixel(first(frames), side / 2, side / 2).entries()) {
      expect(Math.abs(value - (expected[channel] ?? NaN))).toBeLessThanOrEqual(5);
    }
    expect(warnings).toEqual([]);
  });

  test('10-bit standard range keeps its colours', async () => {
    const path = makeFile(
      ['-f', 'lavfi', '-i', 'color=red:s=64x64:d=1', '-pix_fmt', 'yuv420p10le', ...x265('bt709').slice(0, 4)],
      'mkv',
    );
    expect(pixel(first((await watch(path)).frames), 96, 96)[0]).toBeGreaterThan(250);
  });

  test('an ffmpeg without the filters for it warns', async () => {
    const bare: FfmpegBinary = { ...ffmpeg, path: process.execPath };
    const traits = { ...plainTraits, hdr: true, interlaced: true, alphaDecoder: 'libvpx' };
    const { shortcomings, ...found } = await pictureFilters(traits, { side }, bare);
    expect(shortcomings.join('\n')).toMatch(/no decoder libvpx.*\n.*zscale and tonemap.*\n.*bwdif/);
    const { fields, letterbox } = await pictureFilters(plainTraits, { side }, bare);
    expect(found).toEqual({ options: [], fields, letterbox });
  });
});

describe('what is transparent shows black', () => {
  const half = "color=red:s=96x64:d=1:r=10,format=rgba,geq=r=255:g=0:b=0:a='if(lt(X,48),255,0)'";
  test.each([
    ['VP8 in WebM', ['-c:v', 'libvpx', '-pix_fmt', 'yuva420p', '-auto-alt-ref', '0'], 'webm'],
    ['VP9 in WebM', ['-c:v', 'libvpx-vp9', '-pix_fmt', 'yuva420p', '-auto-alt-ref', '0'], 'webm'],
    ['VP9 in Matroska', ['-c:v', 'libvpx-vp9', '-pix_fmt', 'yuva420p', '-auto-alt-ref', '0'], 'mkv'],
    ['ProRes 4444', ['-c:v', 'prores_ks', '-pix_fmt', 'yuva444p10le'], 'mov'],
    ['PNG in QuickTime', ['-c:v', 'png'], 'mov'],
  ])('in %s', async (_, codec, container) => {
    const { frames } = await watch(makeFile(['-f', 'lavfi', '-i', half, ...codec], container));
    expect(pixel(first(frames), side / 4, side / 2)[0]).toBeGreaterThan(240);
    expect(Math.max(...pixel(first(frames), (3 * side) / 4, side / 2))).toBeLessThan(8);
  });
});

describe('interlaced pictures', () => {
  /** A bar that moves by its own width every second. */
  const bar =
    'color=black:s=192x64:r=50:d=2,format=yuv420p,' +
    "geq=lum='if(lt(mod(X-T*192+1920,192),20),235,16)':cb=128:cr=128";
  const x264 = (order: string) => [
    '-c:v',
    'libx264',
    '-flags',
    '+ilme+ildct',
    '-x264opts',
    `${order}=1`,
    '-crf',
    '5',
  ];
  test.each([
    ['top field first, MPEG-2', 'tff', ['-c:v', 'mpeg2video', '-flags', '+ilme+ildct', '-q:v', '2'], 'mpg'],
    ['top field first, H.264 with fields and frames mixed', 'tff', x264('tff'), 'mp4'],
    ['bottom field first, H.264', 'bff', x264('bff'), 'ts'],
    [
      'bottom field first, MPEG-4',
      'bff',
      ['-c:v', 'mpeg4', '-flags', '+ilme+ildct', '-top', '0', '-q:v', '2'],
      'avi',
    ],
  ])('(%s) have straight edges at their own times', async (_, order, codec, container) => {
    const path = makeFile(
      ['-f', 'lavfi', '-i', `${bar},interlace=scan=${order}:lowpass=0`, ...codec],
      container,
    );
    const { frames } = await watch(path);
    // A picture of two fields shows the first of them, or the second.
    expect(frames.map(({ videoTime }) => Number(videoTime.toFixed(4)))).toEqual([
      0, 0.36, 0.68, 1, 1.36, 1.68,
    ]);
    for (const { picture, videoTime } of frames.slice(1, 3)) {
      const edges = [20, 21, 22, 23, 24].map((row) => {
        const columns = Array.from({ length: side }, (_, x) => x);
        return columns.find((x) => (pixel(picture, x, 64 + row)[0] ?? 0) > 128) ?? NaN;
      });
      expect(Math.max(...edges) - Math.min(...edges)).toBeLessThanOrEqual(1);
      expect(Math.abs((edges[0] ?? NaN) - (videoTime % 1) * 192)).toBeLessThanOrEqual(6);
    }
  });
});

describe('the reported size is what a viewer sees', () => {
  const white = ['-f', 'lavfi', '-i', 'color=white:s=192x64:d=1:r=10'];
  const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];
  const turned = (degrees: number, filters = 'null') => {
    const plain = makeFile([...white, '-vf', filters, ...h264], 'mp4');
    // Newer builds have it as an input option.
    const old = ffmpeg.libavcodec.major < 60;
    return old
      ? makeFile(['-i', plain, '-c', 'copy', '-metadata:s:v:0', `rotate=${degrees}`], 'mp4')
      : makeFile(['-display_rotation', String(degrees), '-i', plain, '-c', 'copy'], 'mp4');
  };
  test.each<[string, () => string, { width: number; height: number }]>([
    ['turned by 90 degrees', () => turned(90), { width: 64, height: 192 }],
    ['turned by 180 degrees', () => turned(180), { width: 192, height: 64 }],
    ['turned by 270 degrees', () => turned(270), { width: 64, height: 192 }],
    [
      'of wide pixels',
      () => makeFile([...white, '-vf', 'setsar=2', ...h264], 'mkv'),
      { width: 384, height: 64 },
    ],
    ['of wide pixels, turned', () => turned(90, 'setsar=2'), { width: 64, height: 384 }],
    [
      'DV in 16:9',
      () =>
        makeFile(
          [
            '-f',
            'lavfi',
            '-i',
            'color=white:s=720x576:d=0.4:r=25',
            '-vf',
            'setsar=64/45',
            '-pix_fmt',
            'yuv420p',
            '-c:v',
            'dvvideo',
          ],
          'avi',
        ),
      { width: 1024, height: 576 },
    ],
    [
      'NTSC DVD in 4:3',
      () =>
        makeFile(
          [
            '-f',
            'lavfi',
            '-i',
            'color=white:s=720x480:d=0.4:r=25',
            '-vf',
            'setsar=8/9',
            '-c:v',
            'mpeg2video',
          ],
          'mpg',
        ),
      { width: 640, height: 480 },
    ],
  ])('%s', async (_, make, size) => {
    const { info, frames } = await watch(make());
    expect(info).toMatchObject(size);
    const { width, height } = size;
    const shorter = Math.trunc((Math.min(width, height) / Math.max(width, height)) * side);
    const black = Math.floor((side - shorter) / 2);
    expect(begin(first(frames), 'row')).toBe(width > height ? black : 0);
    expect(begin(first(frames), 'column')).toBe(width > height ? 0 : black);
  });

  test.each([
    ['shape of the pixels', ['setsar=1'], ['setsar=2']],
    ['size', ['scale=64:64'], ['scale=128:64,setsar=1']],
    ['format of the pixels', ['format=yuv420p'], ['format=yuv422p10le']],
  ])('a %s that changes midway changes the picture, not the ticks', async (_, before, after) => {
    const part = (filters: readonly string[], offset: number) =>
      readFileSync(
        makeFile(
          [
            ...['-f', 'lavfi', '-i', 'color=white:s=64x64:d=1.32:r=25', '-vf', filters.join(',')],
            ...['-c:v', 'libx264', '-bf', '0', '-muxdelay', '0', '-muxpreload', '0'],
            ...['-output_ts_offset', String(offset)],
          ],
          'ts',
        ),
      );
    const path = writeFile(`change-${after.join()}.ts`, Buffer.concat([part(before, 0), part(after, 1.32)]));
    const { frames } = await watch(path, 2);
    expect(frames.map(({ videoTime }) => videoTime)).toEqual([0, 0.52, 1, 1.52, 2, 2.52]);
    const wide = !after.join().includes('format');
    expect(frames.map(({ picture }) => begin(picture, 'row'))).toEqual([
      0,
      0,
      0,
      ...(wide ? [48, 48, 48] : [0, 0, 0]),
    ]);
  });
});

describe('YUV that does not name its matrix', () => {
  const green = (size: string, matrix: string, output: readonly string[]) =>
    makeFile(
      [
        ...[
          '-f',
          'lavfi',
          '-i',
          `color=0x20c040:s=${size}:r=10:d=0.3,format=gbrp,scale=out_color_matrix=${matrix},format=yuv420p`,
        ],
        ...output,
      ],
      output.includes('libx264') ? 'mp4' : 'webm',
    );
  const h264 = ['-c:v', 'libx264', '-qp', '4'];
  const vp8 = ['-c:v', 'libvpx', '-qmin', '0', '-qmax', '4', '-b:v', '8M', '-cpu-used', '8'];

  // As Chromium shows them.
  test.each([
    ['720 rows, H.264', '1280x720', 'bt709', h264],
    ['720 rows, VP8', '1280x720', 'bt709', vp8],
    ['a portrait', '720x1280', 'bt709', h264],
    ['576 rows', '1024x576', 'bt601', h264],
    ['576 rows that say BT.709', '1024x576', 'bt709', [...h264, '-colorspace', 'bt709']],
    ['720 rows that say BT.601', '1280x720', 'bt601', [...h264, '-colorspace', 'smpte170m']],
  ])('%s', async (_, size, matrix, output) => {
    const { frames } = await watch(green(size, matrix, output));
    const shown = pixel(first(frames), side / 2, side / 2);
    for (const [at, value] of [0x20, 0xc0, 0x40].entries())
      expect(Math.abs((shown[at] ?? NaN) - value)).toBeLessThanOrEqual(4);
  });
});
