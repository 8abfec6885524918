import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { RequestListener, ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

import { expect, onTestFinished, test } from 'vitest';

import { SourceHandler } from '../../../../server/video/sources/handler.js';
import { retryLive, type RetryPolicy } from '../../../../server/video/sources/retry.js';
import type { SourceOptions } from '../../../../server/video/sources/source-kind.js';
import type { StreamNotice } from '../../../../server/video/stream.js';
import { ffmpeg, makeFile } from '../../../support/clips.js';
import { HttpPages, inTurn } from '../../../support/http-pages.js';
import { clipOptions } from '../../../support/open-clip.js';
import { RtspServer } from '../../../support/rtsp-server.js';
import { freePort } from '../../../support/live-senders.js';
import { makeClip } from '../../../support/clips.js';
import { selfSigned } from '../../../support/self-signed.js';

// What happens to a live source that played, when its server is changed before it is opened again: real
// servers, and the real decisions, but hardly any wait between attempts.

const jpeg = readFileSync(makeFile(['-f', 'lavfi', '-i', 'testsrc=s=64x64', '-frames:v', '1'], 'jpg'));
const sound = readFileSync(makeFile(['-f', 'lavfi', '-i', 'sine=d=2', '-c:a', 'aac'], 'ts'));

/** A camera that shows ten pictures and breaks off, or goes on for ever. */
function camera(pictures = 10): (request: unknown, response: ServerResponse) => void {
  return (_request, response) => {
    response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=frame' });
    let left = pictures;
    const timer = setInterval(() => {
      const head = `--frame\r\nContent-Type: image/jpeg\r\nContent-Length: ${jpeg.length}\r\n\r\n`;
      response.write(Buffer.concat([Buffer.from(head), jpeg, Buffer.from('\r\n')]));
      left -= 1;
      if (left === 0) response.destroy();
    }, 50);
    response.on('close', () => {
      clearInterval(timer);
    });
  };
}

const says =
  (status: number): RequestListener =>
  (_request, response) =>
    response.writeHead(status).end();
const sends =
  (type: string, body: string | Buffer): RequestListener =>
  (_request, response) =>
    response.writeHead(200, { 'content-type': type }).end(body);
const hangsUp: RequestListener = (_request, response) => response.socket?.destroy();

/** Decides as live sources do, but hardly waits. */
const quickly: RetryPolicy = (failure) => (retryLive()(failure) === null ? null : 5);

/**
 * What happens to the server meanwhile: once the first frame has come, and at each attempt to open it again.
 */
interface Changes {
  readonly begun?: () => Promise<void>;
  readonly attempt?: (attempt: number) => void;
}

/** Watches an address until its source is given up, or has been opened again. */
async function watch(url: string, more: Partial<SourceOptions> = {}, change: Changes = {}) {
  const heard: StreamNotice[] = [];
  const options = { ...clipOptions, ...more, sampler: undefined, fps: 4, pacing: 'realtime' } as const;
  const hear = (notice: StreamNotice): void => {
    heard.push(notice);
    if (notice.type === 'source.reconnecting') change.attempt?.(attempts());
  };
  const attempts = (): number => heard.filter(({ type }) => type === 'source.reconnecting').length;
  await using handler = await SourceHandler.open(
    { source: { type: 'url', url }, options, retry: quickly, hear },
    AbortSignal.timeout(60_000),
  );
  try {
    for await (const { index } of handler) {
      if (index === 0) await change.begun?.();
      if (heard.some(({ type }) => type === 'source.reopened')) return { attempts: attempts(), error: null };
    }
    return { attempts: attempts(), error: 'ended' };
  } catch (thrown) {
    return { attempts: attempts(), error: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

test.each<[string, RequestListener]>([
  ['500', says(500)],
  ['503', says(503)],
  ['429', says(429)],
  ['408', says(408)],
  ['hanging up', hangsUp],
])('a camera whose server answers with %s is tried until it is well again', async (_, listener) => {
  const bad = Array.from({ length: 20 }, () => listener);
  await using pages = await HttpPages.listen(inTurn(camera(), ...bad, camera(Infinity)));
  expect(await watch(`${pages.base}/camera`)).toEqual({ attempts: 21, error: null });
});

test.each<[string, RequestListener, number, RegExp]>([
  ['401', says(401), 9, /asks for a user name and a password \(401\)/],
  ['403', says(403), 9, /its server forbids it \(403\)/],
  ['404', says(404), 45, /does not exist on the server \(404\)/],
  ['a web page', sends('text/html', '<!doctype html><p>Hello'), 9, /is a web page, not a video/],
  ['sound alone', sends('video/mp2t', sound), 9, /has no video stream/],
])(
  'a camera that sends %s instead is given up after a while, with the reason',
  async (_, listener, attempts, why) => {
    await using pages = await HttpPages.listen(inTurn(camera(), listener));
    const { error, ...rest } = await watch(`${pages.base}/camera`);
    expect(rest).toEqual({ attempts });
    expect(error).toMatch(why);
  },
);

test('a camera whose certificate has expired is given up after a while, with the reason', async () => {
  let isPublic = false;
  const show = inTurn(camera());
  const start = async (until: string, port: number) => {
    const server = createHttpsServer(selfSigned(until), show).listen(port, '127.0.0.1');
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    await once(server, 'listening');
    return server;
  };
  const first = await start('491231235959Z', 0);
  const { port } = first.address() as AddressInfo;
  const network = { isPublic: () => isPublic };
  const { attempts, error } = await watch(
    `https://127.0.0.1:${port}/camera`,
    { network },
    {
      begun: async () => {
        // From now on it is judged as a server on the public internet.
        isPublic = true;
        first.close();
        await once(first, 'close');
        await start('210101000000Z', port);
      },
    },
  );
  expect(error).toMatch(
    /cannot be fetched: its certificate is not valid \((CERT_HAS_EXPIRED|DEPTH_ZERO\w+)\)$/,
  );
  expect(attempts).toBe(9);
});

test('a host whose name is not known any more is tried until it is; one that never was is not', async () => {
  await using pages = await HttpPages.listen(inTurn(camera(), camera(Infinity)));
  let asked = 0;
  const resolve = (hostname: string) => {
    asked += 1;
    if (hostname === 'camera.test' && (asked === 1 || asked > 60))
      return Promise.resolve([{ address: '127.0.0.1', family: 4 }]);
    return Promise.reject(Object.assign(new Error('unknown'), { code: 'ENOTFOUND' }));
  };
  const { port } = new URL(pages.base);
  const url = `http://camera.test:${port}/camera`;
  expect(await watch(url, { network: { resolve } })).toMatchObject({ error: null });
  expect(asked).toBe(61);
  const other = watch(`rtsp://other.test:${port}/camera`, { network: { resolve } });
  await expect(other).rejects.toThrow(/the name other\.test cannot be resolved$/);
  // Once for each length at which a stream may be examined.
  expect(asked).toBeLessThanOrEqual(63);
});

test.skipIf(ffmpeg.libavcodec.major < 59)(
  'an RTSP camera that is away is tried until it is back, whatever it was',
  async () => {
    const clip = makeClip({ frames: 500, rate: '25', output: ['-c:v', 'libx264', '-bf', '0', '-g', '10'] });
    const port = await freePort();
    const first = await RtspServer.start({ clip, port });
    let back: RtspServer | undefined;
    const outcome = await watch(
      `rtsp://127.0.0.1:${port}/camera`,
      {},
      {
        begun: () => first[Symbol.asyncDispose](),
        attempt: (attempt) => {
          if (attempt === 12) void RtspServer.start({ clip, port }).then((server) => (back = server));
        },
      },
    );
    await back?.[Symbol.asyncDispose]();
    expect(outcome.error).toBeNull();
    expect(outcome.attempts).toBeGreaterThanOrEqual(12);
  },
);
