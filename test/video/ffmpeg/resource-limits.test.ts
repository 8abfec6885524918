import { chmodSync, readFileSync } from 'node:fs';
import { constants, getPriority } from 'node:os';

import { describe, expect, test } from 'vitest';

import { limitedCommand } from '../../../server/video/ffmpeg/resource-limits.js';
import { ffmpeg, makeClip, makeFile, readIndex, writeFile } from '../../support/clips.js';
import { processesNaming } from '../../support/ffmpeg-processes.js';
import { openClip, readAll } from '../../support/open-clip.js';

const huge = ['-f', 'lavfi', '-i', 'color=s=8192x4096:d=0.2:r=10'];

/** The first bytes of a PNG that declares a picture of 65535 x 65535. */
function absurdPng(): string {
  const png = readFileSync(makeFile(['-f', 'lavfi', '-i', 'color=s=64x64:d=1', '-frames:v', '1'], 'png'));
  png.writeUInt32BE(65535, 16);
  png.writeUInt32BE(65535, 20);
  return writeFile('absurd.png', png);
}

/** The same for a GIF, which stores its size elsewhere. */
function absurdGif(): string {
  const gif = readFileSync(makeFile(['-f', 'lavfi', '-i', 'color=s=64x64:d=1'], 'gif'));
  gif.writeUInt16LE(65535, 6);
  gif.writeUInt16LE(65535, 8);
  return writeFile('absurd.gif', gif);
}

describe('a small file that declares huge pictures is refused before one is decoded', () => {
  test.each<readonly [string, () => string]>([
    ['PNG in Matroska', () => makeFile([...huge, '-c:v', 'png'], 'mkv')],
    ['an animated PNG', () => makeFile([...huge, '-c:v', 'apng', '-f', 'apng'], 'apng')],
    ['a GIF', () => makeFile(huge, 'gif')],
    ['H.264', () => makeFile([...huge, '-c:v', 'libx264', '-preset', 'ultrafast'], 'mp4')],
    ['a PNG that declares 65535 x 65535', absurdPng],
    ['a GIF that declares 65535 x 65535', absurdGif],
  ])('%s', async (_, make) => {
    await expect(openClip(make())).rejects.toMatchObject({
      code: 'source_failed',
      message: expect.stringMatching(
        /larger pictures than the 16777216 pixels|checksum|is not a video/,
      ) as string,
    });
  });
});

test('pictures that outgrow the limit midway are not decoded, but those before them are', async () => {
  const small = makeClip({ frames: 60, rate: '30', container: 'ts' });
  const large = makeFile([...huge, '-c:v', 'libx264', '-preset', 'ultrafast'], 'ts');
  const path = writeFile('grows.ts', Buffer.concat([readFileSync(small), readFileSync(large)]));
  await using stream = await openClip(path);
  const frames = await readAll(stream);
  expect(frames.map(({ picture }) => readIndex(picture))).toEqual([0, 15, 30, 45]);
  expect(stream.warnings?.join('\n')).toMatch(/max pixel count|Picture size|is invalid/);
});

describe.skipIf(process.platform !== 'linux')('a running ffmpeg', () => {
  test('has lower priority than the server, and bounded memory', async () => {
    const path = writeFile('limitedCommand.mp4', readFileSync(makeClip({ frames: 3000, rate: '30' })));
    await using stream = await openClip(path, { fps: 30 });
    const [id = 0] = processesNaming(path);
    expect(getPriority(id)).toBe(constants.priority.PRIORITY_BELOW_NORMAL);
    const limits = readFileSync(`/proc/${id}/limits`, 'utf8');
    expect(limits).toMatch(/Max address space +3221225472 /);
    expect(stream.info.width).toBe(64);
  });

  test('that needs more memory than allowed says so', async () => {
    // A stand-in program, since no accepted picture needs that much.
    const path = writeFile(
      'hungry',
      '#!/bin/sh\necho "[fatal] av_malloc: Cannot allocate memory" >&2\nexit 1\n',
    );
    chmodSync(path, 0o755);
    await expect(
      openClip(makeClip({ frames: 30, rate: '30' }), { ffmpeg: { ...ffmpeg, path } }),
    ).rejects.toThrow(/needs more memory than a decoder may use/);
  });
});

test.each(['http_proxy', 'HTTPS_PROXY', 'no_proxy'])(
  '%s of the environment does not reach ffmpeg',
  (name) => {
    process.env[name] = 'http://127.0.0.1:1';
    try {
      expect(limitedCommand('ffmpeg', []).env).not.toHaveProperty(name);
      expect(limitedCommand('ffmpeg', []).env).toHaveProperty('PATH');
    } finally {
      Reflect.deleteProperty(process.env, name);
    }
  },
);
