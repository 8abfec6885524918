import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { openVideo } from '../../../../server/video/open-video.js';
import type { FrameStream } from '../../../../server/video/stream.js';
import { makeClip, readIndex, writeFile } from '../../../support/clips.js';
import { clipOptions, readAll } from '../../../support/open-clip.js';
import { waitUntil } from '../../../support/wait-until.js';

const clip = readFileSync(makeClip({ frames: 360, rate: '30' }));
const transportStream = readFileSync(makeClip({ frames: 360, rate: '30', container: 'ts' }));
const secret = writeFile('secret.ts', transportStream);

const playlist = (...segments: readonly string[]) =>
  [
    '#EXTM3U',
    '#EXT-X-VERSION:3',
    '#EXT-X-TARGETDURATION:12',
    ...segments.flatMap((segment) => ['#EXTINF:12.0,', segment]),
  ].join('\n');

/** The test server's responses, by path. */
const pages: Readonly<Record<string, Buffer | string>> = {
  '/clip.mp4': clip,
  '/part.ts': transportStream,
  '/whole.m3u8': `${playlist('part.ts')}\n#EXT-X-ENDLIST\n`,
  '/live.m3u8': `${playlist('part.ts')}\n`,
  '/outside.m3u8': `${playlist(`file://${secret}`)}\n#EXT-X-ENDLIST\n`,
  '/bare-path.m3u8': `${playlist(secret)}\n#EXT-X-ENDLIST\n`,
  '/list.mp4': `ffconcat version 1.0\nfile ${secret}\n`,
  '/page.html': '<!doctype html><title>Sign in</title>',
};

let server: Server;
let base: string;
const requested: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://server').pathname;
    requested.push(path);
    if (path === '/moved.mp4') {
      response.writeHead(302, { location: '/clip.mp4' }).end();
      return;
    }
    if (path === '/moved-to-file.mp4') {
      response.writeHead(302, { location: `file://${secret}` }).end();
      return;
    }
    if (path === '/hanging.mp4') return;
    const page = pages[path];
    response.writeHead(page === undefined ? 404 : 200).end(page);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  base = `http://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

function openUrl(url: string): Promise<FrameStream> {
  return openVideo({ type: 'url', url }, clipOptions);
}

test.each(['/clip.mp4', '/clip.mp4?token=secret', '/moved.mp4', '/whole.m3u8'])(
  '%s is read over http',
  async (path) => {
    await using stream = await openUrl(base + path);
    expect(stream.info).toMatchObject({ codec: 'h264', width: 64, live: false });
    const frames = await readAll(stream);
    expect(frames.map(({ picture }) => readIndex(picture))).toEqual(
      Array.from({ length: 24 }, (_, k) => k * 15),
    );
  },
);

test('a playlist without an end is live, is read as it arrives, and stops when disposed of', async () => {
  await using stream = await openUrl(`${base}/live.m3u8`);
  expect(stream.info).toMatchObject({ live: true, duration: null });
  stream.pause();
  stream.resume();
  for await (const { index } of stream) if (index === 5) break;
});

test('waiting for a server that does not answer stops with the signal', async () => {
  const stop = new AbortController();
  const opening = openVideo({ type: 'url', url: `${base}/hanging.mp4` }, clipOptions, stop.signal);
  await waitUntil(() => requested.includes('/hanging.mp4'));
  stop.abort();
  await expect(opening).rejects.toMatchObject({ code: 'cancelled' });
});

describe('an address never leads to a file on this machine', () => {
  test.each(['/outside.m3u8', '/bare-path.m3u8', '/list.mp4', '/moved-to-file.mp4'])('%s', async (path) => {
    await expect(openUrl(base + path)).rejects.toMatchObject({
      code: expect.stringMatching(/source_failed|not_found/) as string,
    });
  });
});

test.each([
  ['/absent.mp4', 'not_found', /does not exist on the server \(404\)/],
  ['/page.html', 'source_failed', /not a video|not accepted|holds no picture|complete video/],
])('%s is refused with the reason', async (path, code, message) => {
  await expect(openUrl(base + path)).rejects.toMatchObject({
    code,
    message: expect.stringMatching(message) as string,
  });
});

test('a server that cannot be reached is named', async () => {
  await expect(openUrl('http://127.0.0.1:1/a.mp4')).rejects.toMatchObject({
    code: 'source_failed',
    message: expect.stringMatching(
      /^http:\/\/127\.0\.0\.1:1\/a\.mp4 cannot be fetched: the connection was refused/,
    ) as string,
  });
});

test.each([
  'file:///etc/passwd',
  'ftp://host/a.mp4',
  'concat:a|b',
  'udp://0.0.0.0:1',
  '/etc/passwd',
  'javascript:1',
  '',
  'http://',
])('%j is not opened as an address', async (url) => {
  await expect(openUrl(url)).rejects.toMatchObject({ code: 'invalid_request' });
});

test.each([
  [
    'ftp://host/a.mp4',
    'ftp://host/a.mp4 cannot be opened; an address begins with http, https, rtsp, rtsps, rtmp',
  ],
  ['http://[', 'http://[ is not a valid address; write it as in https://'],
])('%s is refused with what may be opened', async (url, message) => {
  await expect(openUrl(url)).rejects.toThrow(message);
});

test('messages contain neither the password nor the query of an address', async () => {
  const url = new URL('/absent.mp4?token=tell-nobody', base);
  url.username = 'user';
  url.password = 'hush';
  const error = await openUrl(url.href).catch(String);
  expect(error).toContain(`${base}/absent.mp4`);
  expect(error).not.toMatch(/tell-nobody|hush/);
});
