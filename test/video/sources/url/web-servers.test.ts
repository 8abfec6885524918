import { readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:net';

import { describe, expect, test, vi } from 'vitest';

import { openVideo } from '../../../../server/video/open-video.js';
import type { OpenVideoOptions } from '../../../../server/video/open-video.js';
import type { FrameStream } from '../../../../server/video/stream.js';
import { makeClip, readIndex } from '../../../support/clips.js';
import { HttpPages, pathOf, sendFile } from '../../../support/http-pages.js';
import { clipOptions, readAll } from '../../../support/open-clip.js';

const spec = { frames: 120, rate: '30' };
const vp8 = ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '1M'];
const indexAtTheEnd = readFileSync(makeClip(spec));
const indexInFront = readFileSync(
  makeClip({ ...spec, output: ['-c:v', 'libx264', '-crf', '10', '-g', '30', '-movflags', '+faststart'] }),
);
const transportStream = readFileSync(makeClip({ ...spec, container: 'ts' }));
const longStream = readFileSync(makeClip({ frames: 900, rate: '30', container: 'ts' }));
/** As a browser records it: without a duration. */
const recordedWebm = readFileSync(makeClip({ ...spec, container: 'webm', output: [...vp8, '-live', '1'] }));

const options = { ...clipOptions, sampler: undefined };

function open(url: string, more: Partial<OpenVideoOptions> = {}): Promise<FrameStream> {
  return openVideo({ type: 'url', url }, { ...options, ...more });
}

const withLength =
  (bytes: Buffer): RequestListener =>
  (_request, response) =>
    response.writeHead(200, { 'content-length': bytes.length }).end(bytes);

const inChunks =
  (bytes: Buffer): RequestListener =>
  (_request, response) => {
    response.writeHead(200, { 'content-type': 'video/webm' });
    response.write(bytes.subarray(0, 1000));
    response.end(bytes.subarray(1000));
  };

/** HTTP/1.0 without a length: the end of the connection is the end of the file. */
const untilClosed =
  (bytes: Buffer): RequestListener =>
  (_request, response) => {
    response.socket?.end(Buffer.concat([Buffer.from('HTTP/1.0 200 OK\r\n\r\n'), bytes]));
  };

const withBadType =
  (bytes: Buffer): RequestListener =>
  (_request, response) =>
    response.writeHead(200, { 'content-type': 'text/html', 'content-length': bytes.length }).end(bytes);

/** Some servers answer a range for the whole file with an error. */
const offendedByRange =
  (bytes: Buffer): RequestListener =>
  (request, response) => {
    if (request.headers.range === undefined) response.writeHead(200).end(bytes);
    else response.writeHead(416).end();
  };

/** Sends ranges as `part` decides: from where to where, and with which headers. */
const sendingParts =
  (part: (from: number, length: number) => { from: number; to?: number; headers: object }) =>
  (bytes: Buffer): RequestListener =>
  (request, response) => {
    const asked = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const { from, to = bytes.length, headers } = part(asked, bytes.length);
    const body = bytes.subarray(from, to);
    response.writeHead(206, { 'content-length': body.length, ...headers }).end(body);
  };

const inShortParts = sendingParts((from, length) => {
  const to = Math.min(length, from + 5000);
  return { from, to, headers: { 'content-range': `bytes ${from}-${to - 1}/${length}` } };
});

const everythingAsPart = sendingParts((_, length) => {
  return { from: 0, headers: { 'content-range': `bytes 0-${length - 1}/${length}` } };
});

const everythingUnderOtherHeaders = sendingParts((from, length) => {
  return { from: 0, headers: { 'content-range': `bytes ${from}-${length - 1}/${length}` } };
});

const withoutTotal = sendingParts((from, length) => {
  return { from, headers: { 'content-range': `bytes ${from}-${length - 1}/*` } };
});

const withoutRange = sendingParts(() => ({ from: 0, headers: {} }));

const servers = {
  ...{ withLength, inChunks, untilClosed, withBadType, offendedByRange },
  withRange: sendFile,
  ...{ inShortParts, everythingAsPart, everythingUnderOtherHeaders, withoutTotal, withoutRange },
};

const videos = { indexAtTheEnd, indexInFront, transportStream, recordedWebm };

describe('a whole file is a recording, with all its frames, from any server', () => {
  test.each(
    Object.keys(servers).flatMap((server) => Object.keys(videos).map((video) => [server, video] as const)),
  )('%s, %s', async (server, video) => {
    const serve = servers[server as keyof typeof servers](videos[video as keyof typeof videos]);
    await using pages = await HttpPages.listen(serve);
    await using stream = await open(`${pages.base}/video`);
    expect(stream.info.live).toBe(false);
    const frames = await readAll(stream);
    expect(frames.map(({ picture }) => readIndex(picture))).toEqual([0, 15, 30, 45, 60, 75, 90, 105]);
  });
});

test('a stream without a length that arrives in real time is live', async () => {
  // Thirty seconds of video within six.
  const step = Math.ceil(longStream.length / 60);
  await using pages = await HttpPages.listen((_request, response) => {
    response.writeHead(200, { 'content-type': 'video/mp2t' });
    let at = 0;
    const timer = setInterval(() => {
      response.write(longStream.subarray(at, at + step));
      at += step;
      if (at > longStream.length) response.end();
    }, 100);
    response.on('close', () => {
      clearInterval(timer);
    });
  });
  await using stream = await open(`${pages.base}/live.ts`);
  expect(stream.info).toMatchObject({ live: true });
  expect((await readAll(stream)).length).toBeGreaterThan(2);
});

test('an MP4 with its index at the end that is too large to copy is refused with a remedy', async () => {
  await using pages = await HttpPages.listen((_request, response) => {
    response.writeHead(200, { 'content-length': 300 * 1024 ** 2 }).write(indexAtTheEnd);
  });
  await expect(open(`${pages.base}/big.mp4`)).rejects.toMatchObject({
    code: 'source_failed',
    message: expect.stringMatching(
      /index is at the end.*does not support Range.*download it first.*\+faststart/,
    ) as string,
  });
});

describe('a response that is not a video is named', () => {
  const answers: Readonly<Record<string, readonly [status: number, type: string, body: string]>> = {
    '/401': [401, 'text/html', 'Who are you?'],
    '/403': [403, 'text/html', 'No'],
    '/404': [404, 'text/html', 'Nothing here'],
    '/410': [410, 'text/html', 'Gone'],
    '/429': [429, 'text/plain', ''],
    '/500': [500, 'text/plain', ''],
    '/503': [503, 'text/plain', ''],
    '/page': [200, 'text/html; charset=utf-8', '<!DOCTYPE html>\n<html><body>Sign in</body></html>'],
    '/unnamed-page': [200, 'video/mp4', '\uFEFF  <html><head><title>x</title></head></html>'],
    '/fragment': [200, 'text/html', '<div>player</div>'],
    '/dash.mpd': [
      200,
      'application/dash+xml',
      '<?xml version="1.0"?>\n<MPD xmlns="urn:mpeg:dash:schema:mpd:2011"/>',
    ],
    '/feed': [200, 'application/rss+xml', '<?xml version="1.0"?><rss/>'],
    '/json': [200, 'application/json', '{"error":"expired"}'],
    '/empty': [200, 'video/mp4', ''],
  };

  test.each<readonly [path: string, code: string, message: RegExp]>([
    ['/401', 'source_failed', /asks for a user name and a password \(401\)/],
    ['/403', 'source_failed', /forbids it \(403\)/],
    ['/404', 'not_found', /does not exist on the server \(404\)/],
    ['/410', 'not_found', /does not exist on the server \(410\)/],
    ['/429', 'source_failed', /answered 429 Too Many Requests/],
    ['/500', 'source_failed', /answered 500 Internal Server Error/],
    ['/503', 'source_failed', /answered 503 Service Unavailable/],
    ['/page', 'source_failed', /is a web page, not a video/],
    ['/unnamed-page', 'source_failed', /is a web page, not a video/],
    ['/fragment', 'source_failed', /is a web page, not a video/],
    ['/dash.mpd', 'source_failed', /is a DASH manifest/],
    ['/feed', 'source_failed', /is a text \(application\/rss\+xml\), not a video/],
    ['/json', 'source_failed', /is a text \(application\/json\), not a video/],
    ['/empty', 'source_failed', /is empty \(0 bytes\)/],
  ])('%s', async (path, code, message) => {
    await using pages = await HttpPages.listen((request, response) => {
      const [status, type, body] = answers[pathOf(request)] ?? [404, '', ''];
      response.writeHead(status, { 'content-type': type }).end(body);
    });
    await expect(open(pages.base + path)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
    });
  });
});

describe('a malicious server costs a bounded time', () => {
  test('endless redirects', async () => {
    let count = 0;
    await using pages = await HttpPages.listen((_request, response) => {
      count += 1;
      response.writeHead(302, { location: `/next-${count}` }).end();
    });
    await expect(open(`${pages.base}/a.mp4`)).rejects.toThrow(
      /leads from one address to the next more than 10 times/,
    );
    expect(count).toBe(11);
  });

  test('endless headers', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.write('HTTP/1.1 200 OK\r\n');
      const timer = setInterval(() => socket.write(`X-Filler: ${'x'.repeat(8000)}\r\n`), 1);
      socket.on('close', () => {
        clearInterval(timer);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    await expect(open(`http://127.0.0.1:${port}/a.mp4`)).rejects.toThrow(/sends more than 64 KiB of headers/);
    server.close();
  });

  test('a byte now and then, before the first picture and between two', async () => {
    await using pages = await HttpPages.listen((request, response) => {
      const first = pathOf(request) === '/late' ? Math.floor(longStream.length / 2) : 0;
      response.writeHead(200, { 'content-length': longStream.length }).write(longStream.subarray(0, first));
      let at = first;
      const timer = setInterval(() => {
        response.write(longStream.subarray(at, at + 1));
        at += 1;
      }, 100);
      response.on('close', () => {
        clearInterval(timer);
      });
    });
    const patienceMs = { first: 4000, later: 3000 };
    await expect(open(`${pages.base}/early`, { patienceMs })).rejects.toThrow(
      /gave no picture for 4 seconds/,
    );
    await using stream = await open(`${pages.base}/late`, { patienceMs, fps: 30 });
    await expect(readAll(stream)).rejects.toThrow(/gave no picture for 3 seconds after frame \d+/);
  });
});

test('a dropped connection does not pass for the end of a recording', async () => {
  await using pages = await HttpPages.listen((_request, response) => {
    response.writeHead(200, { 'content-length': transportStream.length });
    response.write(transportStream.subarray(0, transportStream.length / 2), () => response.destroy());
  });
  await using stream = await open(`${pages.base}/video.ts`);
  await expect(readAll(stream)).rejects.toThrow(/broke off: .* bytes, and did not go on when asked 3 times$/);
});

test('many short parts leave nothing behind', async () => {
  const warn = vi.spyOn(process, 'emitWarning');
  const pieces = sendingParts((from, length) => {
    const to = Math.min(length, from + 2000);
    return { from, to, headers: { 'content-range': `bytes ${from}-${to - 1}/${length}` } };
  });
  await using pages = await HttpPages.listen(pieces(transportStream));
  await using stream = await open(`${pages.base}/video.ts`);
  expect(await readAll(stream)).toHaveLength(8);
  expect(pages.asked.length).toBeGreaterThan(12);
  expect(warn).not.toHaveBeenCalled();
});

test.each([
  ['within the first bytes', transportStream.subarray(0, 1000)],
  ['of an MP4 that is kept until its index comes', indexAtTheEnd.subarray(0, 20_000)],
  ['of a playlist', Buffer.from('#EXTM3U\n#EXT-X-TARGETDURATION:1\n')],
])('a connection dropped before the first picture is reported: %s', async (_, bytes) => {
  await using pages = await HttpPages.listen((_request, response) => {
    response.writeHead(200, { 'content-length': 1_000_000 });
    response.write(bytes, () => response.destroy());
  });
  await expect(open(`${pages.base}/video.ts`)).rejects.toThrow(
    `broke off: its server closed the connection after ${bytes.length} of 1000000 bytes`,
  );
});

test('a server that sends only part of the video is not mistaken for the whole', async () => {
  await using pages = await HttpPages.listen((request, response) => {
    const { length } = transportStream;
    if (request.headers.range !== 'bytes=0-') response.writeHead(404).end();
    else {
      const headers = { 'content-length': 20_000, 'content-range': `bytes 0-19999/${length}` };
      response.writeHead(206, headers).end(transportStream.subarray(0, 20_000));
    }
  });
  await using stream = await open(`${pages.base}/video.ts`);
  await expect(readAll(stream)).rejects.toThrow(
    `broke off: its server sends 20000 of ${transportStream.length} bytes and not the rest`,
  );
});

test('a redirect without a target does not pass for an empty file', async () => {
  await using pages = await HttpPages.listen((_request, response) => response.writeHead(302).end());
  await expect(open(`${pages.base}/video.ts`)).rejects.toThrow(/answered 302 without saying where to go/);
});

test('user name and password are sent only to their host when it asks, and never shown', async () => {
  const heard: (string | undefined)[] = [];
  await using elsewhere = await HttpPages.listen((request, response) => {
    heard.push(request.headers.authorization);
    sendFile(transportStream)(request, response);
  });
  await using pages = await HttpPages.listen((request, response) => {
    heard.push(request.headers.authorization);
    const path = pathOf(request);
    if (request.headers.authorization === undefined) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="videos"' }).end();
    } else if (path === '/here') response.writeHead(302, { location: '/video.ts' }).end();
    else if (path === '/away') response.writeHead(302, { location: `${elsewhere.base}/video.ts` }).end();
    else sendFile(transportStream)(request, response);
  });
  const secret = `Basic ${Buffer.from('user:p@ss:word').toString('base64')}`;
  const url = (path: string) => pages.base.replace('http://', 'http://user:p%40ss:word@') + path;
  await using here = await open(url('/here'));
  await readAll(here);
  expect(heard[0]).toBeUndefined();
  expect(new Set(heard.slice(1))).toEqual(new Set([secret]));
  heard.length = 0;
  await using away = await open(url('/away'));
  await readAll(away);
  expect(heard.slice(0, 3)).toEqual([undefined, secret, undefined]);
  expect(JSON.stringify([here.info, here.warnings, away.warnings])).not.toMatch(
    /p@ss|p%40ss|127\.0\.0\.1:\d+\/[\w-]{20}/,
  );
});
