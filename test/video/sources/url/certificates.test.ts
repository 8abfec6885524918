import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createServer as createHttpsServer } from 'node:https';
import { createServer } from 'node:tls';
import { readFileSync } from 'node:fs';

import { expect, onTestFinished, test } from 'vitest';

import { openVideo, type OpenVideoOptions } from '../../../../server/video/open-video.js';
import { SourceHandler } from '../../../../server/video/sources/handler.js';
import { retryLive } from '../../../../server/video/sources/retry.js';
import { ffmpeg, makeClip } from '../../../support/clips.js';
import { sendFile } from '../../../support/http-pages.js';
import { FfmpegSender, freePort, knowsProtocol } from '../../../support/live-senders.js';
import { clipOptions, readAll } from '../../../support/open-clip.js';
import { RtspServer } from '../../../support/rtsp-server.js';
import { selfSigned } from '../../../support/self-signed.js';

const pair = selfSigned();
const clip = makeClip({ frames: 500, rate: '25', output: ['-c:v', 'libx264', '-bf', '0', '-g', '10'] });
/** As if the server were on the public internet, where certificates are checked. */
const asPublic: Partial<OpenVideoOptions> = {
  allowPrivateUrls: false,
  network: { isPublic: (address) => address === '127.0.0.1' },
};

/** A port with TLS that leads to another, or nowhere; counts the connections whose handshake succeeded. */
async function withTls(port?: number): Promise<{ readonly port: number; readonly count: () => number }> {
  let count = 0;
  const sockets = new Set<Socket>();
  const server = createServer(pair, (socket) => {
    count += 1;
    sockets.add(socket.on('error', () => undefined));
    if (port === undefined) return;
    const inner = connect(port, '127.0.0.1').on('error', () => undefined);
    sockets.add(inner);
    socket.pipe(inner).pipe(socket);
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: portOf(server.address()), count: () => count };
}

function portOf(address: ReturnType<ReturnType<typeof createServer>['address']>): number {
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

test.each(['https', 'rtsps', 'rtmps'])(
  '%s: a certificate that nobody vouches for is refused in public, with the reason',
  async (scheme) => {
    const { port } = await withTls();
    const url = `${scheme}://127.0.0.1:${port}/live/camera`;
    await expect(openVideo({ type: 'url', url }, { ...clipOptions, ...asPublic })).rejects.toMatchObject({
      code: 'source_failed',
      retryable: false,
      message: expect.stringMatching(
        /^\S+ cannot be (fetched|reached): its certificate is not valid \(DEPTH_ZERO_SELF_SIGNED_CERT\)$/,
      ) as string,
    });
  },
);

test('https: a camera at a private address may have signed its own', async () => {
  const server = createHttpsServer(pair, sendFile(readFileSync(makeClip({ frames: 60, rate: '30' }))));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const url = `https://127.0.0.1:${portOf(server.address())}/video.mp4`;
  await using stream = await openVideo({ type: 'url', url }, clipOptions);
  expect(await readAll(stream)).toHaveLength(4);
});

test.skipIf(ffmpeg.libavcodec.major < 59)(
  'rtsps: a camera at a private address may have signed its own',
  async () => {
    await using camera = await RtspServer.start({ clip });
    const { port, count } = await withTls(camera.port);
    const url = `rtsps://127.0.0.1:${port}/camera`;
    await using stream = await openVideo({ type: 'url', url }, { ...clipOptions, maxFrames: 3 });
    expect(await readAll(stream)).toHaveLength(3);
    expect(count()).toBeGreaterThan(0);
  },
);

test.skipIf(!knowsProtocol('rtmp'))(
  'rtmps: the server speaks TLS, so an ffmpeg without it will do',
  async () => {
    const inner = await freePort();
    await using sender = new FfmpegSender([
      '-f',
      'flv',
      '-listen',
      '1',
      `rtmp://127.0.0.1:${inner}/live/key`,
    ]);
    const { port, count } = await withTls(inner);
    // The sender needs a moment until it listens, which a live source allows for.
    const options = { ...clipOptions, sampler: undefined, fps: 2, maxFrames: 3 };
    await using handler = await SourceHandler.open(
      { source: { type: 'url', url: `rtmps://127.0.0.1:${port}/live/key` }, options, retry: retryLive() },
      AbortSignal.timeout(50_000),
    );
    expect(await readAll(handler)).toHaveLength(3);
    expect(sender.isRunning).toBe(true);
    expect(count()).toBeGreaterThan(0);
  },
  60_000,
);
