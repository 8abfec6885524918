import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';

import { describe, expect, test } from 'vitest';

import { openVideo } from '../../../../server/video/open-video.js';
import { fetchAddress } from '../../../../server/video/sources/url/http/fetch-address.js';
import { LookAheadBody } from '../../../../server/video/sources/url/http/look-ahead-body.js';
import { Gateway } from '../../../../server/video/sources/url/gateway.js';
import { senders } from '../../../faults/senders/sender.js';
import { ffmpeg } from '../../../support/clips.js';
import { HttpPages, inTurn, pathOf } from '../../../support/http-pages.js';
import { freePort } from '../../../support/live-senders.js';
import { clipOptions } from '../../../support/open-clip.js';
import { waitUntil } from '../../../support/wait-until.js';

const list = '#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\npart.ts\n';

function openGateway(): Promise<Gateway> {
  const rules = { name: 'the stream', allowPrivate: true };
  return Gateway.open({
    ...{ name: 'the stream', owned: [] },
    fetch: async (url, range) => {
      const answer = await fetchAddress(url, rules, new AbortController().signal, range);
      return { answer, body: new LookAheadBody(answer.body) };
    },
  });
}

/**
 * A gateway before an address, as one is opened for a playlist, and the status, text and seconds of its
 * answer.
 */
async function askThrough(base: string, path: string, signal?: AbortSignal) {
  await using gateway = await openGateway();
  const delivery = path.endsWith('.m3u8') ? 'playlist' : 'media';
  const began = performance.now();
  const answer = await fetch(gateway.addressOf(new URL(path, base), delivery), { ...(signal && { signal }) });
  const text = await answer.text();
  const seconds = (performance.now() - began) / 1000;
  return { status: answer.status, text, seconds, failure: gateway.failure?.error.message };
}

const says =
  (status: number): RequestListener =>
  (_request, response) =>
    response.writeHead(status).end();
const sends: RequestListener = (request, response) =>
  response.end(pathOf(request).endsWith('.m3u8') ? list : 'pictures');
const hangsUp: RequestListener = (_request, response) => response.socket?.destroy();
const breaksOff: RequestListener = (_request, response) => {
  response.writeHead(200, { 'content-length': 1000 }).write(list, () => response.destroy());
};

describe('a hiccup of the server is not noticed by whoever waits for', () => {
  test.each<[string, string, RequestListener]>([
    ['a playlist', '/live.m3u8', inTurn(hangsUp, says(503), hangsUp, sends)],
    ['a playlist that breaks off', '/live.m3u8', inTurn(breaksOff, sends)],
    ['a segment', '/part.ts', inTurn(hangsUp, says(502), sends)],
    ['a segment that is about to be published', '/part.ts', inTurn(says(404), sends)],
  ])('%s', async (_, path, listener) => {
    await using pages = await HttpPages.listen(listener);
    const { status, text, failure } = await askThrough(pages.base, path);
    expect([status, failure]).toEqual([200, undefined]);
    expect(text).toContain(path === '/part.ts' ? 'pictures' : '#EXTINF:1,');
  });
});

describe('asking again has its bounds', () => {
  test('a segment that is gone is asked for within a second', async () => {
    await using pages = await HttpPages.listen(says(404));
    const { status, seconds } = await askThrough(pages.base, '/part.ts');
    expect(status).toBe(404);
    expect(seconds).toBeLessThan(2);
    expect(pages.asked.length).toBeGreaterThan(1);
    expect(pages.asked.length).toBeLessThan(5);
  });

  test.each([403, 410])('what the server refuses (%i) is asked for once', async (status) => {
    await using pages = await HttpPages.listen(says(status));
    expect(await askThrough(pages.base, '/part.ts')).toMatchObject({ status });
    expect(pages.asked).toHaveLength(1);
  });

  test('a server that stays away is given up after ten seconds', async () => {
    const { status, seconds, failure } = await askThrough(`http://127.0.0.1:${await freePort()}`, '/part.ts');
    expect(status).toBe(502);
    expect(seconds).toBeGreaterThan(6);
    expect(seconds).toBeLessThan(15);
    expect(failure).toBe('the stream cannot be fetched: the connection was refused; is its server running?');
  }, 30_000);

  test('nobody is asked any more once the one who waits has gone', async () => {
    const abort = new AbortController();
    let asked = 0;
    const server = createServer((_request, response) => {
      asked += 1;
      response.writeHead(503).end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const asking = askThrough(`http://127.0.0.1:${port}`, '/part.ts', abort.signal);
    const refused = expect(asking).rejects.toThrow(/abort/i);
    await waitUntil(() => asked === 2);
    abort.abort();
    await refused;
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(asked).toBe(2);
    server.close();
  });
});

test('a failure is that of the newest request for its kind of bytes: what succeeds later clears it', async () => {
  await using pages = await HttpPages.listen((request, response) => {
    if (/gone|forbidden/.test(pathOf(request))) says(403)(request, response);
    else if (/cut/.test(pathOf(request))) breaksOff(request, response);
    else sends(request, response);
  });
  await using gateway = await openGateway();
  const ask = async (path: string): Promise<string | undefined> => {
    const delivery = path.endsWith('.m3u8') ? 'playlist' : 'media';
    const answer = await fetch(gateway.addressOf(new URL(path, pages.base), delivery));
    await answer.arrayBuffer().catch(() => undefined);
    return gateway.failure && `${gateway.failure.error.message}${gateway.failure.cutOff ? ' (cut off)' : ''}`;
  };
  const forbidden = 'the stream cannot be fetched: its server forbids it (403)';
  expect(await ask('/1.ts')).toBeUndefined();
  expect(await ask('/gone.ts')).toBe(forbidden);
  // That the list is there says nothing about the segment.
  expect(await ask('/live.m3u8')).toBe(forbidden);
  expect(await ask('/2.ts')).toBeUndefined();
  expect(await ask('/cut.ts')).toMatch(/^the stream broke off: .* \(cut off\)$/);
  expect(await ask('/3.ts')).toBeUndefined();
  expect(await ask('/forbidden.m3u8')).toBe(forbidden);
  expect(await ask('/4.ts')).toBe(forbidden);
  expect(await ask('/live.m3u8')).toBeUndefined();
});

test.skipIf(ffmpeg.libavcodec.major < 59)(
  'a live HLS stream whose server is killed for five seconds goes on where it was, without a gap',
  async () => {
    const sender = await senders.HLS?.();
    if (sender?.source.type !== 'url') throw new Error('the sender of HLS has no address');
    await sender.start(null);
    try {
      const options = { ...clipOptions, sampler: undefined, fps: 2, maxFrames: 34 };
      await using stream = await openVideo({ type: 'url', url: sender.source.url }, options);
      const ticks: number[] = [];
      for await (const { index, videoTime } of stream) {
        ticks.push(Math.floor(videoTime * 2 + 1e-6));
        if (index === 8) {
          await sender.kill();
          setTimeout(() => void sender.start(null), 5000);
        }
      }
      const first = ticks[0] ?? 0;
      expect(ticks).toEqual(Array.from({ length: 34 }, (_, tick) => first + tick));
    } finally {
      await sender.kill();
      await sender.close();
    }
  },
  90_000,
);
