import { describe, expect, test } from 'vitest';

import { FfmpegLog } from '../../../server/video/ffmpeg/log.js';

/** Feeds a log with lines in ffmpeg's format. */
function read(...lines: readonly string[]): FfmpegLog {
  const log = new FfmpegLog();
  for (const line of lines) log.read(line);
  return log;
}

const showinfo = '[Parsed_showinfo_3 @ 0x5628e8b013c0] [info]';
const config = `${showinfo} config in time_base: 1/30000, frame_rate: 30000/1001`;
const mapping = '[info]   Stream #0:0 -> #0:0 (h264 (native) -> rawvideo (native))';

describe('the description of the input', () => {
  test.each([
    [
      'ffmpeg 5.1',
      '[info]   Stream #0:0[0x1](und): Video: h264 (High) (avc1 / 0x31637661), yuv420p(progressive), ' +
        '320x240 [SAR 1:1 DAR 4:3], 299 kb/s, 29.97 fps, 29.97 tbr, 30k tbn (default)',
      { codec: 'h264', pixelFormat: 'yuv420p', width: 320, height: 240, fps: 30000 / 1001 },
    ],
    [
      'ffmpeg of 2018',
      '[info]     Stream #0:0(und): Video: h264 (High) (avc1 / 0x31637661), yuv420p, 320x240 [SAR 1:1 ' +
        'DAR 4:3], 299 kb/s, 29.97 fps, 29.97 tbr, 30k tbn, 59.94 tbc (default)',
      { codec: 'h264', pixelFormat: 'yuv420p', width: 320, height: 240, fps: 30000 / 1001 },
    ],
    [
      'a rate that is not the one guessed',
      '[info]   Stream #0:0: Video: vp8, yuv420p(progressive), 640x360, SAR 1:1 DAR 16:9, 17.5 fps, 30 ' +
        'tbr, 1k tbn',
      { codec: 'vp8', pixelFormat: 'yuv420p', width: 640, height: 360, fps: 17.5 },
    ],
    [
      'no rate',
      '[info]   Stream #0:0: Video: vp9 (Profile 0), yuva420p(tv, bt709), 1920x1080, SAR 1:1 DAR 16:9, ' +
        '1k tbr, 1k tbn (default)',
      { codec: 'vp9', pixelFormat: 'yuva420p', width: 1920, height: 1080, fps: null },
    ],
    [
      'a rate of thousands',
      '[info]   Stream #0:0: Video: hevc (Main 10) (hvc1 / 0x31637668), yuv420p10le(tv, ' +
        'bt2020nc/bt2020/smpte2084), 3840x2160, 1 kb/s, 1k fps, 1k tbr, 90k tbn',
      { codec: 'hevc', pixelFormat: 'yuv420p10le', width: 3840, height: 2160, fps: 1000 },
    ],
  ])('is read from the lines of %s', (_, stream, expected) => {
    const log = read(
      "[info] Input #0, mov,mp4, from 'file:/a.mp4':",
      '[info]   Duration: 01:02:03.50, start: 0.000000, bitrate: 1 kb/s',
      stream,
      mapping,
      config,
    );
    expect(log.describe()).toEqual({ ...expected, duration: 3723.5 });
  });

  test('is that of the decoded stream, not of the first one', () => {
    const log = read(
      '[info]   Duration: N/A, start: 0.000000, bitrate: N/A',
      '[info]   Stream #0:0: Video: mjpeg (Baseline), yuvj420p(pc, bt470bg/unknown/unknown), 100x100, ' +
        '90k tbr, 90k tbn (attached pic)',
      '[info]   Stream #0:1: Audio: aac (LC), 44100 Hz, mono, fltp (default)',
      '[info]   Stream #0:2: Video: av1 (Main), yuv420p(tv), 1280x720, 25 fps, 25 tbr, 16k tbn (default)',
      '[info]   Stream #0:2 -> #0:0 (av1 (libdav1d) -> rawvideo (native))',
    );
    expect(log.describe()).toMatchObject({ codec: 'av1', width: 1280, duration: null });
  });

  test('cannot be forged by a title', () => {
    const log = read(
      '[info]   Metadata:',
      '[info]     title           : Stream #0:0: Video: fake, gray, 1x1, 1 fps',
      '[info]     comment         : Duration: 99:00:00.00, start',
      '[info]   Duration: 00:00:01.00, start: 0.000000, bitrate: 1 kb/s',
      '[info]   Stream #0:0: Video: vp8, yuv420p, 640x360, 30 fps, 30 tbr, 1k tbn',
      mapping,
      '[info] Output #0, rawvideo, to pipe:',
      '[info]   Stream #0:0: Video: rawvideo (RGB[24] / 0x18424752), rgb24, 384x384, 30 fps',
    );
    expect(log.describe()).toMatchObject({ codec: 'vp8', width: 640, duration: 1 });
  });

  test('is an error when missing', () => {
    expect(() => read('[info] something else').describe()).toThrow(/not understood/);
  });
});

describe('the stamps', () => {
  const frame = (n: number, pts: number | string) =>
    `${showinfo} n:${String(n).padStart(4)} pts:${String(pts).padStart(7)} pts_time:0.5005  pos:    ` +
    '23277 fmt:rgb24 sar:1/1 s:384x288 i:P iskey:0 type:B ';

  test('carry the time as integers', async () => {
    const log = read(config, frame(0, 0), frame(1, 15015));
    const timeBase = { numerator: 1, denominator: 30000 };
    expect(await log.nextStamp()).toEqual({ pts: 0, timeBase, width: 384, height: 288 });
    expect(await log.nextStamp()).toEqual({ pts: 15015, timeBase, width: 384, height: 288 });
    expect(log.frameRate).toEqual({ numerator: 30000, denominator: 1001 });
  });

  test('are NaN for an unknown time', async () => {
    expect((await read(config, frame(0, 'NOPTS')).nextStamp())?.pts).toBeNaN();
  });

  test('can be awaited, and end with the log', async () => {
    const log = read(config);
    const first = log.nextStamp();
    log.read(frame(0, -3));
    expect((await first)?.pts).toBe(-3);
    const second = log.nextStamp();
    log.close();
    expect(await second).toBeUndefined();
    expect(await log.nextStamp()).toBeUndefined();
  });
});

describe('the complaints', () => {
  test('are the warnings and errors, without duplicates and memory addresses', () => {
    const log = read(
      '[info] Stream mapping:',
      '[h264 @ 0x5628e8b013c0] [error] Invalid NAL unit size (974 > 122).',
      '[h264 @ 0x5628e8b0ffff] [error] Invalid NAL unit size (974 > 122).',
      '[mjpeg @ 0x55fc82ac0d40] [IMGUTILS @ 0x7ffecaaa29e0] [error] Picture size 10000x8000 exceeds',
      '[fatal] Error marking filters as finished',
      '[warning] odd',
    );
    expect(log.complaints).toEqual([
      'Invalid NAL unit size (974 > 122).',
      'Picture size 10000x8000 exceeds',
      'Error marking filters as finished',
      'odd',
    ]);
  });

  test('keep the first and the last when there are too many', () => {
    const log = read(...Array.from({ length: 1000 }, (_, n) => `[error] broken at ${n}`));
    expect(log.complaints).toHaveLength(20);
    expect([log.complaints[0], log.complaints.at(-1)]).toEqual(['broken at 0', 'broken at 999']);
  });

  test('leave out what ffmpeg says about intact videos', () => {
    const log = read(
      '[mjpeg @ 0x5628e8b013c0] [warning] EOI missing, emulating',
      '[mov,mp4,m4a,3gp,3g2,mj2 @ 0x5628e8b013c0] [warning] stream 0, timescale not set',
      '[mpeg @ 0x5628e8b013c0] [warning] start time for stream 0 is not set in estimate_timings_from_pts',
      '[mjpeg @ 0x5628e8b013c0] [error] overread 8',
    );
    expect(log.complaints).toEqual(['overread 8']);
  });

  test('about a stream that has not begun are dropped when its first picture comes', () => {
    const doubt =
      '[mpegts @ 0x5628e8b013c0] [warning] Could not find codec parameters for stream 1 (Video: h264, ' +
      'none): unspecified size';
    const picture = [
      '[Parsed_showinfo_3 @ 0x55] [info] config in time_base: 1/25, frame_rate: 25/1',
      '[Parsed_showinfo_3 @ 0x55] [info] n:   0 pts:      0 pts_time:0       pos:       58 fmt:rgb24 ' +
        'sar:1/1 s:16x16 i:P',
    ];
    expect(read(doubt).complaints).toHaveLength(1);
    expect(read(doubt, ...picture).complaints).toEqual([]);
  });
});
