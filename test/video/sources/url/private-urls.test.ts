import { createServer } from 'node:net';
import { readFileSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { openVideo } from '../../../../server/video/open-video.js';
import type { OpenVideoOptions } from '../../../../server/video/open-video.js';
import { makeClip } from '../../../support/clips.js';
import { HttpPages, pathOf, sendFile } from '../../../support/http-pages.js';
import { clipOptions, readAll } from '../../../support/open-clip.js';

const clip = readFileSync(makeClip({ frames: 60, rate: '30' }));
const part = readFileSync(makeClip({ frames: 60, rate: '30', container: 'ts' }));

/** Stands for a server on the public internet, which may be reached. */
let outside: HttpPages;
/** A server that must not be reached. */
let inside: HttpPages;

const playlist = (...lines: readonly string[]) =>
  ['#EXTM3U', '#EXT-X-VERSION:4', '#EXT-X-TARGETDURATION:2', ...lines, '#EXT-X-ENDLIST', ''].join('\n');

function pages(): Readonly<Record<string, string>> {
  const { base } = inside;
  return {
    '/segment.m3u8': playlist('#EXTINF:2,', 'part.ts', '#EXTINF:2,', `${base}/part.ts`),
    '/first-segment.m3u8': playlist('#EXTINF:2,', `${base}/part.ts`),
    '/key.m3u8': playlist(`#EXT-X-KEY:METHOD=AES-128,URI="${base}/key"`, '#EXTINF:2,', 'part.ts'),
    '/map.m3u8': playlist(`#EXT-X-MAP:URI="${base}/init.mp4"`, '#EXTINF:2,', 'part.ts'),
    '/master.m3u8': `#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1,RESOLUTION=64x64\n${base}/inner.m3u8\n`,
    '/scheme.m3u8': playlist('#EXTINF:2,', base.replace('http:', 'HTTP:') + '/part.ts'),
    '/slashes.m3u8': playlist('#EXTINF:2,', base.replace('http:', '') + '/part.ts'),
    '/proxy.m3u8': playlist('#EXTINF:2,', base.replace('http:', 'httpproxy:') + '/part.ts'),
    '/tcp.m3u8': playlist('#EXTINF:2,', base.replace('http:', 'tcp:')),
    '/crypto.m3u8': playlist('#EXTINF:2,', `crypto+${base}/part.ts`),
    '/nested.m3u8': playlist('#EXTINF:2,', 'nested.ts'),
    // A playlist named like a segment.
    '/nested.ts': playlist('#EXTINF:2,', `${base}/part.ts`),
    '/late.ts': `#EXTM3U \n${playlist('#EXTINF:2,', `${base}/part.ts`)}`,
  };
}

beforeAll(async () => {
  inside = await HttpPages.listen((_, response) => response.writeHead(200).end(part), '127.0.0.2');
  outside = await HttpPages.listen((request, response) => {
    const path = pathOf(request);
    if (path === '/moved.mp4') response.writeHead(302, { location: `${inside.base}/clip.mp4` }).end();
    else if (path === '/moved-twice.mp4') response.writeHead(301, { location: '/moved.mp4' }).end();
    else if (path === '/part.ts') sendFile(part)(request, response);
    else if (path === '/clip.mp4') sendFile(clip)(request, response);
    else response.writeHead(200).end(pages()[path] ?? '');
  });
});

afterAll(async () => {
  await outside[Symbol.asyncDispose]();
  await inside[Symbol.asyncDispose]();
});

const rules: OpenVideoOptions = { ...clipOptions, allowPrivateUrls: false };

/** Rules under which the loopback address 127.0.0.1 counts as public, and nothing else on this machine. */
const outsideIsPublic: OpenVideoOptions = {
  ...rules,
  network: { isPublic: (address) => address === '127.0.0.1' },
};

const refusal = (name: string) =>
  `${name} is not fetched: it does not lead to a public address, and this server fetches only those`;

async function failure(url: string, options: OpenVideoOptions): Promise<string> {
  try {
    await using stream = await openVideo({ type: 'url', url }, options);
    await readAll(stream);
    return 'opened';
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}

describe('when private addresses are not allowed', () => {
  test.each([
    ...[
      '127.0.0.1',
      '127.1',
      '2130706433',
      '0177.0.0.1',
      '0x7f.1',
      '0',
      '0.0.0.0',
      'localhost',
      'LOCALHOST.',
    ],
    ...['[::1]', '[::]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[64:ff9b::7f00:1]', '[2002:7f00:1::]'],
    ...['10.0.0.1', '192.168.0.1', '169.254.169.254', '[fd00:ec2::254]', '100.100.100.200', '①②⑦.⓪.⓪.①'],
  ])('%s is refused in the same words whether its port is open or closed', async (host) => {
    const { port } = new URL(outside.base);
    const before = outside.connections;
    for (const url of [`http://${host}:${port}/clip.mp4`, `http://${host}:1/clip.mp4`]) {
      const { protocol, host: shown, pathname } = new URL(url);
      expect(await failure(url, rules)).toBe(refusal(`${protocol}//${shown}${pathname}`));
    }
    expect(outside.connections).toBe(before);
  });

  test.each(['127.0.0.1', '10.1.2.3', '::1', '::ffff:192.168.0.1', '169.254.169.254'])(
    'a name that resolves to %s is refused like one that does not resolve',
    async (address) => {
      const family = address.includes(':') ? 6 : 4;
      const resolve = (name: string) =>
        name === 'known.test'
          ? Promise.resolve([{ address, family }])
          : Promise.reject(new Error('ENOTFOUND'));
      const options = { ...rules, network: { resolve } };
      expect(await failure('http://known.test/a.mp4', options)).toBe(refusal('http://known.test/a.mp4'));
      expect(await failure('http://other.test/a.mp4', options)).toBe(refusal('http://other.test/a.mp4'));
    },
  );

  test('a name that resolves to a public and a private address is fetched from the public one', async () => {
    const { port } = new URL(outside.base);
    const resolve = () =>
      Promise.resolve([
        { address: '127.0.0.2', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ]);
    const options = { ...outsideIsPublic, network: { ...outsideIsPublic.network, resolve } };
    expect(await failure(`http://both.test:${port}/clip.mp4`, options)).toBe('opened');
    expect(inside.connections).toBe(0);
  });

  test('a name that resolves differently the second time leads nowhere else', async () => {
    const { port } = new URL(outside.base);
    let asked = 0;
    const resolve = () => {
      asked += 1;
      return Promise.resolve([{ address: asked === 1 ? '127.0.0.1' : '127.0.0.2', family: 4 }]);
    };
    const options = { ...outsideIsPublic, network: { ...outsideIsPublic.network, resolve } };
    const url = `http://rebound.test:${port}/first-segment.m3u8`;
    expect(await failure(url, options)).not.toBe('opened');
    expect(inside.connections).toBe(0);
  });

  test('a public address is read', async () => {
    expect(await failure(`${outside.base}/clip.mp4`, outsideIsPublic)).toBe('opened');
  });

  test.each(['/moved.mp4', '/moved-twice.mp4'])(
    'a redirect (%s) leads to no private address',
    async (path) => {
      expect(await failure(outside.base + path, outsideIsPublic)).toBe(refusal(outside.base + path));
      expect(inside.connections).toBe(0);
    },
  );

  test.each(
    [
      'segment',
      'first-segment',
      'key',
      'map',
      'master',
      'scheme',
      'slashes',
      'proxy',
      'tcp',
      'crypto',
      'nested',
    ].map((name) => `/${name}.m3u8`),
  )('a playlist (%s) leads to no private address', async (path) => {
    const said = await failure(outside.base + path, outsideIsPublic);
    expect(said).not.toContain('127.0.0.2');
    expect(inside.connections).toBe(0);
  });
});

test("when they are allowed, which is the library's default, all of them are read", async () => {
  await using pagesHere = await HttpPages.listen(sendFile(clip));
  expect(await failure(`${pagesHere.base}/clip.mp4`, clipOptions)).toBe('opened');
  expect(await failure(`${pagesHere.base.replace('127.0.0.1', 'localhost')}/clip.mp4`, clipOptions)).toBe(
    'opened',
  );
});

test('a private server and one that does not speak HTTP are told apart only if allowed', async () => {
  const silent = createServer((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const address = silent.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}/a.mp4`;
  expect(await failure(url, clipOptions)).toMatch(/does not answer in HTTP/);
  expect(await failure(url, rules)).toBe(refusal(url));
  silent.close();
});
