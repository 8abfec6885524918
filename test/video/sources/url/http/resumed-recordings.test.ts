import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { RequestListener, ServerResponse } from 'node:http';

import { describe, expect, test } from 'vitest';

import { openVideo } from '../../../../../server/video/open-video.js';
import { requestedRange } from '../../../../../server/video/sources/url/http/byte-range.js';
import { fetchAddress } from '../../../../../server/video/sources/url/http/fetch-address.js';
import type { FrameStream } from '../../../../../server/video/stream.js';
import { makeClip, readIndex } from '../../../../support/clips.js';
import { HttpPages, inTurn, sendFile } from '../../../../support/http-pages.js';
import { clipOptions, readAll } from '../../../../support/open-clip.js';
import { waitUntil } from '../../../../support/wait-until.js';

const spec = { frames: 120, rate: '30' };
const clips = {
  'an MPEG-TS': readFileSync(makeClip({ ...spec, container: 'ts' })),
  'an MP4 with its index at the end': readFileSync(makeClip(spec)),
};
const vp8 = ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '1M'];
const frames = [0, 15, 30, 45, 60, 75, 90, 105];

function open(pages: HttpPages): Promise<FrameStream> {
  return openVideo({ type: 'url', url: `${pages.base}/video` }, { ...clipOptions, sampler: undefined });
}

/** Sends what is asked for, and drops the connection after `most` bytes of it. */
function cutting(
  bytes: Buffer,
  { most, version = '"1"' }: { readonly most: () => number; readonly version?: string },
): RequestListener {
  return (request, response) => {
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    response.writeHead(206, {
      ...{ etag: version, 'content-length': bytes.length - from },
      'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}`,
    });
    const part = bytes.subarray(from, from + most());
    if (from + part.length === bytes.length) response.end(part);
    else cutAfter(response, part);
  };
}

function cutAfter(response: ServerResponse, part: Buffer): void {
  if (part.length === 0) response.flushHeaders();
  else response.write(part);
  // What was written is received first.
  setTimeout(() => response.destroy(), 30);
}

describe('a recording whose connection is dropped at random places is whole', () => {
  test.each(Object.keys(clips))('%s', async (name) => {
    const bytes = clips[name as keyof typeof clips];
    let cuts = 0;
    const most = () => {
      cuts += 1;
      return Math.floor(Math.random() * bytes.length * 0.4);
    };
    await using pages = await HttpPages.listen(cutting(bytes, { most }));
    await using video = await open(pages);
    expect((await readAll(video)).map(({ picture }) => readIndex(picture))).toEqual(frames);
    expect(video.warnings).toEqual([]);
    expect(cuts).toBeGreaterThan(2);
  });
});

/** Bytes from a position on, fetched as the gateway fetches them. */
async function bytesOf(pages: HttpPages, range = 'bytes=0-'): Promise<Buffer> {
  const rules = { name: 'the video', allowPrivate: true };
  const ask = (part: string) =>
    fetchAddress(new URL(`${pages.base}/video`), rules, new AbortController().signal, part);
  const { body } = requestedRange(await ask(range), range, ask);
  return Buffer.concat(await body.toArray());
}

const bytes = randomBytes(400_000);
const firstHalf = cutting(bytes, { most: () => 200_000 });
const theRest = cutting(bytes, { most: () => Infinity });
const away: RequestListener = (_request, response) => response.socket?.destroy();
const says =
  (status: number): RequestListener =>
  (_request, response) =>
    response.writeHead(status, { etag: '"1"' }).end(status === 200 ? bytes : undefined);

describe('the rest of a body is asked for', () => {
  test.each<[string, RequestListener, number]>([
    ['again where its server was away for a while', inTurn(firstHalf, away, away, theRest), 4],
    ['again where its server says that it cannot now', inTurn(firstHalf, says(503), theRest), 3],
    ['wherever it is cut', cutting(bytes, { most: () => 90_000 }), 5],
    ['from a server that sends everything as a part', inTurn(firstHalf, everythingAsPart(bytes)), 2],
    ['from its beginning, where its server knows no parts', inTurn(onlyWhole(150_000), onlyWhole()), 2],
    [
      'from its beginning, as often as it is cut',
      inTurn(...[1, 0.2, 0.9].map((share) => onlyWhole(300_000 * share)), onlyWhole()),
      4,
    ],
    ['not at all where it has come', sendFile(bytes), 1],
  ])('%s', async (_, listener, asked) => {
    await using pages = await HttpPages.listen(listener);
    expect((await bytesOf(pages)).equals(bytes)).toBe(true);
    expect(pages.asked).toHaveLength(asked);
  });

  test('up to its last byte only, where others follow', async () => {
    const ranges: (string | undefined)[] = [];
    await using pages = await HttpPages.listen((request, response) => {
      ranges.push(request.headers.range);
      const cut = ranges.length === 1 ? 1000 : Infinity;
      const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
      const part = bytes.subarray(Number(from), Number(to) + 1);
      const held = `bytes ${from}-${to}/${bytes.length}`;
      response.writeHead(206, { 'content-length': part.length, 'content-range': held });
      if (part.length <= cut) response.end(part);
      else cutAfter(response, part.subarray(0, cut));
    });
    expect((await bytesOf(pages, 'bytes=500-9999')).equals(bytes.subarray(500, 10_000))).toBe(true);
    expect(ranges).toEqual(['bytes=500-9999', 'bytes=1500-9999']);
  });
});

/** Sends everything, whatever it is asked for, and drops the connection after `most` bytes. */
function onlyWhole(most = Infinity, version = '"1"'): RequestListener {
  return (_request, response) => {
    response.writeHead(200, { etag: version, 'content-length': bytes.length });
    if (most >= bytes.length) response.end(bytes);
    else cutAfter(response, bytes.subarray(0, most));
  };
}

/** Sends everything to whoever asks for a part, and says so. */
function everythingAsPart(all: Buffer): RequestListener {
  const headers = {
    ...{ etag: '"1"', 'content-length': all.length },
    'content-range': `bytes 0-${all.length - 1}/${all.length}`,
  };
  return (_request, response) => response.writeHead(206, headers).end(all);
}

describe('a body fails with the reason where its rest', () => {
  const changed = 'the file on its server has changed in the meantime; open it again';
  const refused = 'its server sends 200000 of 400000 bytes and not the rest';
  test.each<[string, RequestListener, string]>([
    ['is of another version', cutting(bytes, { most: () => Infinity, version: '"2"' }), changed],
    ['is of a longer file', cutting(Buffer.concat([bytes, bytes]), { most: () => Infinity }), changed],
    ['is beyond the end of the file now', says(416), refused],
    ['is gone', says(404), refused],
    ['comes with everything before it, however long', says(200), refused],
    ['comes with everything before it, which is of another version', onlyWhole(Infinity, '"2"'), changed],
  ])('%s', async (_, rest, message) => {
    await using pages = await HttpPages.listen(inTurn(firstHalf, rest));
    await expect(bytesOf(pages)).rejects.toThrow(new RangeError(message));
    expect(pages.asked).toHaveLength(2);
  });

  test('never comes, however often it is asked for', async () => {
    await using pages = await HttpPages.listen(inTurn(firstHalf, away));
    await expect(bytesOf(pages)).rejects.toThrow(
      'its server closed the connection after 200000 of 400000 bytes, and did not go on when asked 7 times',
    );
    expect(pages.asked).toHaveLength(8);
  }, 90_000);
});

test('a file that changes while it is watched is told, and does not pass for its end', async () => {
  const recorded = { frames: 900, rate: '30', container: 'webm', output: [...vp8, '-live', '1'] };
  const webm = readFileSync(makeClip(recorded));
  const half = Math.floor(webm.length / 2);
  expect(half).toBeGreaterThan(8192);
  const other = cutting(webm, { most: () => Infinity, version: '"2"' });
  await using pages = await HttpPages.listen(inTurn(cutting(webm, { most: () => half }), other));
  await using video = await open(pages);
  await expect(readAll(video)).rejects.toMatchObject({
    code: 'source_failed',
    message: `${pages.base}/video broke off: the file on its server has changed in the meantime; open it again`,
  });
});

test('whoever stops reading a body ends the wait for its rest', async () => {
  await using pages = await HttpPages.listen(inTurn(firstHalf, away));
  const rules = { name: 'the video', allowPrivate: true };
  const ask = (part: string) =>
    fetchAddress(new URL(`${pages.base}/video`), rules, new AbortController().signal, part);
  const { body } = requestedRange(await ask('bytes=0-'), 'bytes=0-', ask);
  body.resume();
  await waitUntil(() => pages.asked.length === 3);
  body.destroy();
  await new Promise((resolve) => setTimeout(resolve, 2000));
  expect(pages.asked).toHaveLength(3);
});
