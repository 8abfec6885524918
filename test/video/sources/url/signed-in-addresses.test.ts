import { readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';

import { describe, expect, test } from 'vitest';

import { openVideo } from '../../../../server/video/open-video.js';
import type { FrameStream } from '../../../../server/video/stream.js';
import { makeClip, makeFile, readIndex } from '../../../support/clips.js';
import { DigestGuard } from '../../../support/digest-guard.js';
import type { DigestDemand } from '../../../support/digest-guard.js';
import { HttpPages, pathOf, sendFile } from '../../../support/http-pages.js';
import { clipOptions, readAll } from '../../../support/open-clip.js';

const video = readFileSync(makeClip({ frames: 120, rate: '30', container: 'ts' }));
const indexAtTheEnd = readFileSync(makeClip({ frames: 900, rate: '30' }));
const jpeg = readFileSync(
  makeFile(['-i', makeClip({ frames: 60, rate: '30' }), '-frames:v', '1', '-q:v', '2'], 'jpg'),
);

const camera: RequestListener = (_request, response) => {
  response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=frame' });
  const part = Buffer.concat([
    Buffer.from(`--frame\r\nContent-Type: image/jpeg\r\nContent-Length: ${jpeg.length}\r\n\r\n`),
    jpeg,
    Buffer.from('\r\n'),
  ]);
  response.end(Buffer.concat(Array.from({ length: 10 }, () => part)));
};

function open(url: string): Promise<FrameStream> {
  return openVideo({ type: 'url', url }, { ...clipOptions, sampler: undefined });
}

async function indicesOf(url: string): Promise<number[]> {
  await using stream = await open(url);
  return (await readAll(stream)).map(({ picture }) => readIndex(picture));
}

const allFrames = [0, 15, 30, 45, 60, 75, 90, 105];

describe('a video behind Digest is read', () => {
  test.each<readonly [title: string, demand: DigestDemand]>([
    ['as of RFC 2069', {}],
    ['MD5', { algorithm: 'MD5', qop: 'auth' }],
    ['MD5 that is not named', { qop: 'auth', opaque: 'o/p=,' }],
    ['MD5-sess', { algorithm: 'MD5-sess', qop: 'auth,auth-int', opaque: '5ccc' }],
    ['MD5-sess that counts nothing', { algorithm: 'MD5-sess' }],
    ['SHA-256', { algorithm: 'SHA-256', qop: 'auth', opaque: '' }],
    ['SHA-256-sess', { algorithm: 'SHA-256-sess', qop: 'auth' }],
    ['a realm with quotation marks', { qop: 'auth', realm: 'the "door"' }],
    ['beside Basic', { algorithm: 'SHA-256', qop: 'auth', before: 'Basic realm="camera"' }],
  ])('%s', async (_title, demand) => {
    const guard = new DigestGuard(demand);
    await using pages = await HttpPages.listen(guard.before(sendFile(video)));
    expect(await indicesOf(DigestGuard.signed(`${pages.base}/video.ts?a=1&b=%20"`))).toEqual(allFrames);
    expect(guard.heard[0]).toMatchObject({ status: 401, authorization: undefined });
    expect(guard.heard.slice(1).every(({ status }) => status === 200)).toBe(true);
    expect(JSON.stringify(guard.heard)).not.toMatch(/Basic|p@ss/);
  });

  test('of a network camera', async () => {
    const guard = new DigestGuard({ qop: 'auth' });
    await using pages = await HttpPages.listen(guard.before(camera));
    await using stream = await open(DigestGuard.signed(`${pages.base}/stream.mjpg`));
    expect(stream.info.live).toBe(true);
    expect((await readAll(stream)).length).toBeGreaterThan(0);
    expect(guard.heard.map(({ status }) => status)).toEqual([401, 200]);
  });

  test('in ranges, each of which is counted', async () => {
    const guard = new DigestGuard({ qop: 'auth' });
    await using pages = await HttpPages.listen(guard.before(sendFile(indexAtTheEnd)));
    expect(await indicesOf(DigestGuard.signed(`${pages.base}/video.mp4`))).toHaveLength(60);
    expect(guard.heard.length).toBeGreaterThan(2);
    expect(guard.heard.map(({ count }) => count)).toEqual([
      undefined,
      ...guard.heard.slice(1).map((_, i) => i + 1),
    ]);
  });
});

describe('the segments of a playlist behind Digest', () => {
  const play = async (demand: DigestDemand, address: (name: string, base: string) => string) => {
    const guard = new DigestGuard({ qop: 'auth', ...demand });
    let base = '';
    await using pages = await HttpPages.listen(
      guard.before((request, response) => {
        if (pathOf(request) !== '/list.m3u8') {
          sendFile(video)(request, response);
          return;
        }
        const segments = ['a', 'b', 'c', 'd'].map(
          (name) => `#EXTINF:4,\n#EXT-X-DISCONTINUITY\n${address(`${name}.ts`, base)}\n`,
        );
        response.end(`#EXTM3U\n#EXT-X-TARGETDURATION:4\n${segments.join('')}#EXT-X-ENDLIST\n`);
      }),
    );
    base = pages.base;
    const indices = await indicesOf(DigestGuard.signed(`${base}/list.m3u8`));
    expect(new Set(indices)).toEqual(new Set(allFrames));
    return guard.heard;
  };
  const relative = (name: string) => `${name}?token=1`;

  test.each([
    ['relative', relative],
    ['of the same origin, written out', (name: string, base: string) => `${base}/${name}`],
  ])('are signed with one challenge, each with its count: addresses %s', async (_kind, address) => {
    const heard = await play({}, address);
    expect(heard.map(({ status }) => status)).toEqual([401, ...heard.slice(1).map(() => 200)]);
    expect(heard.map(({ count }) => count).slice(1)).toEqual(heard.slice(1).map((_, i) => i + 1));
    expect(heard.length).toBeGreaterThanOrEqual(6);
  });

  test.each([true, false])(
    'are asked for again when a nonce grows old (which the server says: %s)',
    async (saysStale) => {
      const heard = await play({ uses: 2, saysStale }, relative);
      const refused = heard.filter(({ status }) => status === 401);
      expect(refused.length).toBeGreaterThanOrEqual(3);
      expect(heard.filter(({ status }, i) => status === 401 && heard[i + 1]?.status === 401)).toEqual([]);
    },
  );

  test('are signed with the nonce that each response gives for the next', async () => {
    const heard = await play({ givesNext: true }, relative);
    expect(heard.filter(({ status }) => status === 401)).toHaveLength(1);
    expect(new Set(heard.slice(1).map(({ count }) => count))).toEqual(new Set([1]));
  });
});

describe('a failed sign-in is reported after as few requests as possible', () => {
  const refused = (message: RegExp) => ({
    code: 'source_failed',
    message: expect.stringMatching(message) as string,
  });

  test.each<readonly [title: string, demand: DigestDemand, statuses: number]>([
    ['a wrong password', { qop: 'auth' }, 2],
    ['a wrong password, SHA-256', { qop: 'auth', algorithm: 'SHA-256' }, 2],
  ])('%s', async (_title, demand, questions) => {
    const guard = new DigestGuard(demand);
    await using pages = await HttpPages.listen(guard.before(sendFile(video)));
    const opened = open(DigestGuard.signed(`${pages.base}/video.ts`, 'guess'));
    await expect(opened).rejects.toMatchObject(
      refused(
        /^http:\/\/127\.0\.0\.1:\d+\/video\.ts cannot be fetched: its server rejects the user name or password in the address \(401\)$/,
      ),
    );
    await expect(opened).rejects.not.toThrow(/guess|operator/);
    expect(guard.heard).toHaveLength(questions);
  });

  test('a server that calls every nonce stale is answered twice', async () => {
    const guard = new DigestGuard({ qop: 'auth', neverContent: true });
    await using pages = await HttpPages.listen(guard.before(sendFile(video)));
    const opened = open(DigestGuard.signed(`${pages.base}/video.ts`));
    await expect(opened).rejects.toMatchObject(refused(/rejects the user name or password/));
    expect(guard.heard).toHaveLength(3);
  });

  test('an address without a user', async () => {
    const guard = new DigestGuard();
    await using pages = await HttpPages.listen(guard.before(sendFile(video)));
    await expect(open(`${pages.base}/video.ts`)).rejects.toMatchObject(
      refused(/asks for a user name and a password \(401\); write them into the address/),
    );
    expect(guard.heard).toHaveLength(1);
  });

  test.each([
    ['Negotiate', 'negotiate'],
    ['Digest realm="r", nonce="1", qop="auth", algorithm=SHA-512', 'digest SHA-512 auth'],
  ])('a server that wants %s', async (wanted, named) => {
    await using pages = await HttpPages.listen((_request, response) => {
      response.writeHead(401, { 'www-authenticate': wanted }).end();
    });
    await expect(open(DigestGuard.signed(`${pages.base}/video.ts`))).rejects.toMatchObject(
      refused(new RegExp(`asks for a kind of sign-in that is not supported \\(401: ${named}\\)`)),
    );
    expect(pages.asked).toHaveLength(1);
  });
});

test('Digest is not sent to another origin after a redirect', async () => {
  const heard: (string | undefined)[] = [];
  await using elsewhere = await HttpPages.listen((request, response) => {
    heard.push(request.headers.authorization);
    response.writeHead(401, { 'www-authenticate': 'Basic realm="give it to me"' }).end();
  });
  const guard = new DigestGuard({ qop: 'auth' });
  await using pages = await HttpPages.listen(
    guard.before((_request, response) => response.writeHead(302, { location: `${elsewhere.base}/` }).end()),
  );
  await expect(open(DigestGuard.signed(`${pages.base}/video.ts`))).rejects.toMatchObject({
    message: expect.stringMatching(/asks for a user name and a password \(401\)/) as string,
  });
  expect(heard).toEqual([undefined]);
});
