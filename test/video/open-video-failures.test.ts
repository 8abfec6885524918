import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';

import { describe, expect, test } from 'vitest';

import { DuetError } from '../../server/errors.js';
import { clipFolder, cutFile, ffmpeg, makeClip, makeFile, readIndex, writeFile } from '../support/clips.js';
import { clipOptions, openClip, readAll } from '../support/open-clip.js';

const thirtyFps = { frames: 360, rate: '30' };

/** The error of opening a file. */
async function failure(path: string): Promise<DuetError> {
  const thrown = await openClip(path).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (thrown instanceof DuetError) return thrown;
  throw new Error(`${path} opened, or failed otherwise: ${String(thrown)}`);
}

function audioOnly(): string {
  return makeFile(['-f', 'lavfi', '-i', 'sine=d=1', '-c:a', 'aac'], 'mp4');
}

/** Music with a cover picture, which ffmpeg counts as a video stream. */
function musicWithCover(): string {
  const cover = ['-f', 'lavfi', '-i', 'color=red:s=64x64:d=1'];
  return makeFile(
    [
      '-f',
      'lavfi',
      '-i',
      'sine=d=1',
      ...cover,
      '-frames:v',
      '1',
      '-c:v',
      'mjpeg',
      '-disposition:v',
      'attached_pic',
      '-c:a',
      'aac',
    ],
    'mp4',
  );
}

function unknownCodec(): string {
  const bytes = readFileSync(makeClip(thirtyFps));
  return writeFile('unknown.mp4', Buffer.from(bytes.toString('latin1').replaceAll('avc1', 'zzz1'), 'latin1'));
}

function hugePicture(): string {
  return makeFile(
    [
      '-f',
      'lavfi',
      '-i',
      'color=s=9000x8000:d=0.1',
      '-frames:v',
      '1',
      '-c:v',
      'mjpeg',
      '-pix_fmt',
      'yuvj420p',
    ],
    'avi',
  );
}

function folder(): string {
  const path = join(clipFolder, 'folder.mp4');
  mkdirSync(path, { recursive: true });
  return path;
}

function pipe(): string {
  const path = join(clipFolder, 'pipe.mp4');
  rmSync(path, { force: true });
  execFileSync('mkfifo', [path]);
  return path;
}

describe('a source that is', () => {
  test.each<readonly [name: string, make: () => string, code: string, message: RegExp]>([
    ['absent', () => join(clipFolder, 'absent.mp4'), 'not_found', /there is no file .*absent\.mp4/],
    ['below a file', () => join(makeClip(thirtyFps), 'x.mp4'), 'not_found', /there is no file/],
    ['empty', () => writeFile('empty.mp4', ''), 'source_failed', /is empty \(0 bytes\)/],
    ['a folder', folder, 'source_failed', /is a directory; name a video file/],
    ['a named pipe', pipe, 'source_failed', /is not a regular file/],
    ['a device', () => '/dev/zero', 'source_failed', /is not a regular file/],
    [
      'a text file',
      () => writeFile('text.mp4', 'Once upon a time there was a text.\n'),
      'source_failed',
      /is not a complete video/,
    ],
    [
      'a page of HTML',
      () => writeFile('page.webm', '<!doctype html><title>Sign in</title>'.repeat(50)),
      'source_failed',
      /is not a|that ffmpeg can read/,
    ],
    [
      'random bytes',
      () => writeFile('noise.mkv', Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) % 251))),
      'source_failed',
      /is not a|not accepted/,
    ],
    [
      'an MP4 without its end, where the index is',
      () => cutFile(makeClip(thirtyFps), 0.6),
      'source_failed',
      /moov atom.*cut off/,
    ],
    ['music alone', audioOnly, 'source_failed', /has no video stream/],
    ['music with a cover picture', musicWithCover, 'source_failed', /has no video stream/],
    ['of an unknown codec', unknownCodec, 'source_failed', /codec that this ffmpeg cannot decode/],
    [
      'of too large pictures',
      hugePicture,
      'source_failed',
      /larger pictures than the 16777216 pixels \(4096 x 4096\)/,
    ],
  ])('%s is refused with the reason', async (_, make, code, message) => {
    const path = make();
    const error = await failure(path);
    expect(error.message).toMatch(message);
    expect(error.code).toBe(code);
    expect(error.message).toContain(path);
  });

  test.skipIf(process.getuid?.() === 0)('unreadable is refused with the reason', async () => {
    const path = writeFile('secret.mp4', 'x');
    execFileSync('chmod', ['000', path]);
    expect(await failure(path)).toMatchObject({
      code: 'source_failed',
      message: expect.stringContaining('permissions') as string,
    });
  });
});

describe('a file that names other files', () => {
  const inner = () => makeClip(thirtyFps);
  test.each([
    ['an HLS playlist', () => `#EXTM3U\n#EXT-X-TARGETDURATION:12\n#EXTINF:12,\n${inner()}\n#EXT-X-ENDLIST\n`],
    [
      'an HLS playlist with a file: address',
      () => `#EXTM3U\n#EXT-X-TARGETDURATION:12\n#EXTINF:12,\nfile://${inner()}\n#EXT-X-ENDLIST\n`,
    ],
    ['a list for the concat demuxer', () => `ffconcat version 1.0\nfile ${inner()}\n`],
    [
      'a DASH manifest',
      () =>
        '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"><Period>' +
        `<AdaptationSet><Representation id="1"><BaseURL>${inner()}</BaseURL></Representation>` +
        '</AdaptationSet></Period></MPD>',
    ],
    [
      'a session description',
      () =>
        'v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\n' +
        'm=video 5004 RTP/AVP 96\na=rtpmap:96 H264/90000\n',
    ],
  ])('(%s) does not open them, whatever it is called', async (name, content) => {
    for (const extension of ['mp4', 'm3u8', 'ts']) {
      const path = writeFile(`${name.replaceAll(/\W/g, '-')}.${extension}`, content());
      expect((await failure(path)).code).toBe('source_failed');
    }
  });
});

describe('a path is only a name', () => {
  test.each([
    'concat:a.mp4|b.mp4',
    'subfile,,start,0,end,0,,:a.mp4',
    'http://127.0.0.1:9/a.mp4',
    'pipe:0',
    'data:video/mp4;base64,AAAA',
    '-version',
    '--help',
    '/etc/../nowhere.mp4',
  ])('%s is a file that does not exist', async (path) => {
    expect(await failure(path)).toMatchObject({ code: 'not_found' });
  });

  test.each([
    '-y.mp4',
    'concat:x.mp4',
    'a%03d.mp4',
    "it's [a] 'name', = \\ ; $(x).mp4",
    'ünï çødé 動画.mp4',
    'new\nline.mp4',
  ])('the file called %j opens', async (name) => {
    const path = writeFile(name, readFileSync(makeClip(thirtyFps)));
    await using stream = await openClip(path);
    expect(stream.info).toMatchObject({ width: 64, codec: 'h264' });
  });

  test.each(['-y.mp4', '-', 'concat:x.mp4', 'http:x.mp4', 'pipe:0', 'a%03d.mp4', 'file:x.mp4'])(
    'the file called %j in the working directory opens',
    async (name) => {
      writeFile(name, readFileSync(makeClip(thirtyFps)));
      const before = process.cwd();
      process.chdir(clipFolder);
      try {
        await using stream = await openClip(name);
        expect(stream.info).toMatchObject({ width: 64, codec: 'h264' });
      } finally {
        process.chdir(before);
      }
    },
  );

  test.each(['', 'a\0b.mp4'])('%j cannot be a path', async (path) => {
    expect(await failure(path)).toMatchObject({ code: 'invalid_request' });
  });
});

test('messages show the given file name, not its location', async () => {
  const path = writeFile('shown.mp4', 'no video');
  const { message } = await failure(relative(process.cwd(), path));
  expect(message).toContain(`../`);
  expect(message).not.toContain(`file:${path}`);
  expect(message).not.toContain(` ${path}`);
});

test.each([
  ['absent.mp4', join(clipFolder, 'absent.mp4')],
  ['a folder', folder()],
  ['no video', writeFile('hidden.mp4', 'no video')],
])('messages use the name that the caller gives (%s)', async (_, path) => {
  const opening = openClip(path, { name: 'upload 7' });
  await expect(opening).rejects.toMatchObject({ message: expect.stringMatching(/upload 7/) as string });
  await expect(opening).rejects.toMatchObject({ message: expect.not.stringContaining(clipFolder) as string });
});

describe('a truncated video gives its frames up to the cut, ends, and warns', () => {
  test.each([
    [
      'an MP4 with its index in front',
      {
        ...thirtyFps,
        output: ['-c:v', 'libx264', '-bf', '2', '-crf', '10', '-g', '30', '-movflags', '+faststart'],
      },
    ],
    ['Matroska', { ...thirtyFps, container: 'mkv' }],
  ])('%s', async (_, spec) => {
    await using stream = await openClip(cutFile(makeClip(spec), 0.7), { name: 'the clip' });
    const frames = await readAll(stream);
    expect(frames.length).toBeGreaterThan(10);
    expect(frames.length).toBeLessThan(24);
    expect(frames.map(({ picture }) => readIndex(picture))).toEqual(frames.map((_frame, k) => k * 15));
    // The build of 2018 does not notice it in Matroska.
    if (ffmpeg.libavcodec.major < 59) return;
    expect(stream.warnings?.join('\n')).toMatch(/partial file|ended prematurely|corrupt|Invalid|Truncat/i);
    // Clients see warnings, and must not learn where a file is.
    expect(stream.warnings?.join('\n')).not.toContain(clipFolder);
  });
});

test('a whole video ends without warnings', async () => {
  await using stream = await openClip(makeClip(thirtyFps));
  await readAll(stream);
  expect(stream.warnings).toEqual([]);
});

test.each([
  [{ fps: 0 }, /fps is 0/],
  [{ fps: NaN }, /fps is NaN/],
  [{ fps: 1001 }, /fps is 1001/],
  [{ side: 0 }, /side is 0/],
  [{ side: 1.5 }, /side is 1.5/],
  [{ maxFrames: 0 }, /maxFrames is 0/],
])('invalid options (%o) are refused', async (options, message) => {
  const opening = openClip(makeClip(thirtyFps), options);
  await expect(opening).rejects.toMatchObject({
    code: 'invalid_request',
    message: expect.stringMatching(message) as string,
  });
});

test('an ffmpeg that cannot be started is an error of the video', async () => {
  const opening = openClip(makeClip(thirtyFps), { ffmpeg: { ...ffmpeg, path: '/nowhere/ffmpeg' } });
  await expect(opening).rejects.toMatchObject({
    code: 'source_failed',
    message: expect.stringContaining('ENOENT') as string,
  });
});

test('the bundled ffmpeg is refused unless the caller vouches for the source', async () => {
  const opening = openClip(makeClip(thirtyFps), {
    ffmpeg: { ...ffmpeg, origin: 'bundled' },
    ffmpegPolicy: { ...clipOptions.ffmpegPolicy, trustedSource: false, allowBundled: false },
  });
  await expect(opening).rejects.toMatchObject({ code: 'unsupported' });
});
