import { describe, expect, test } from 'vitest';

import { openVideo } from '../../../../../server/video/open-video.js';
import type { OpenVideoOptions } from '../../../../../server/video/open-video.js';
import type { FrameStream } from '../../../../../server/video/stream.js';
import { clipSide, ffmpeg, makeClip } from '../../../../support/clips.js';
import { processesNaming } from '../../../../support/ffmpeg-processes.js';
import { FfmpegSender, freePort, knowsProtocol } from '../../../../support/live-senders.js';
import { clipOptions } from '../../../../support/open-clip.js';
import { RtspServer } from '../../../../support/rtsp-server.js';

const clip = makeClip({ frames: 500, rate: '25', output: ['-c:v', 'libx264', '-bf', '0', '-g', '10'] });
const options: OpenVideoOptions = { ...clipOptions, fps: 5, maxFrames: 6 };
/** The ffmpeg of 2018 reads RTSP otherwise, and nobody should watch strangers with it. */
const isOld = ffmpeg.libavcodec.major < 59;

function open(url: string, more: Partial<OpenVideoOptions> = {}, transport?: 'udp'): Promise<FrameStream> {
  return openVideo({ type: 'url', url, ...(transport && { transport }) }, { ...options, ...more });
}

/** Opens an address as soon as its sender is there. */
async function openSoon(url: string): Promise<FrameStream> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await open(url);
    } catch (thrown) {
      if (tries > 20) throw thrown;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

async function timesOf(stream: FrameStream): Promise<number[]> {
  const times: number[] = [];
  for await (const { videoTime } of stream) times.push(videoTime);
  return times;
}

/** Six frames, one in each fifth of a second. */
function expectSteady(times: readonly number[]): void {
  const ticks = times.map((time) => Math.floor(time * 5 + 1e-6));
  expect(ticks).toEqual([0, 1, 2, 3, 4, 5].map((tick) => tick + (ticks[0] ?? 0)));
  expect(times[0]).toBeLessThan(0.2);
}

describe.skipIf(isOld)('RTSP', () => {
  test.each([undefined, 'udp'] as const)(
    'pictures come from its first key frame (transport: %s)',
    async (transport) => {
      await using server = await RtspServer.start({ clip });
      await using stream = await open(`rtsp://127.0.0.1:${server.port}/camera`, {}, transport);
      expect(stream.info).toMatchObject({ width: clipSide, height: clipSide, duration: null, live: true });
      expectSteady(await timesOf(stream));
      const [, , setup] = server.requests;
      expect(setup).toMatch(transport === 'udp' ? /^SETUP RTP\/AVP\/UDP;/ : /^SETUP RTP\/AVP\/TCP;/);
      expect(processesNaming(`127.0.0.1:${server.port}/camera`)).toEqual([]);
    },
  );

  test('a user and a password are sent to its server, and are in no message', async () => {
    await using server = await RtspServer.start({ clip, user: 'me:hush' });
    await using stream = await open(`rtsp://me:hush@127.0.0.1:${server.port}/camera`);
    expect(stream.info.codec).toBe('h264');
    const refused = open(`rtsp://me:wrong-hush@127.0.0.1:${server.port}/camera?key=hush`);
    await expect(refused).rejects.toMatchObject({
      code: 'unauthorized',
      message: expect.not.stringContaining('hush') as string,
    });
  });

  test.each([
    ['a path that it does not have', { path: '/other' }, 'not_found', 'does not exist on the server (404)'],
    [
      'a redirect',
      { path: '/camera', redirectTo: 'rtsp://127.0.0.1:1/' },
      'source_failed',
      'leads on to another',
    ],
  ])('%s is told at once', async (_, { path, ...more }, code, message) => {
    await using server = await RtspServer.start({ clip, ...more });
    await expect(open(`rtsp://127.0.0.1:${server.port}${path}`)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message) as string,
    });
  });

  test('a server that is out of reach is told, and that it may be there later', async () => {
    await expect(open(`rtsp://127.0.0.1:${await freePort()}/camera`)).rejects.toMatchObject({
      code: 'source_failed',
      retryable: true,
      message: expect.stringMatching(/cannot be reached: the connection was refused/) as string,
    });
  });

  test('when its server goes away the stream ends, and says that nothing announced it', async () => {
    const server = await RtspServer.start({ clip });
    await using stream = await open(`rtsp://127.0.0.1:${server.port}/camera`, { maxFrames: 1000 });
    for await (const { index } of stream) if (index === 2) await server[Symbol.asyncDispose]();
    expect(stream.brokenOff).toBe(true);
  });
});

test.each([
  'rtsp://127.0.0.1:554/a',
  'rtmp://[::1]/live/a',
  'srt://169.254.169.254:80',
  'udp://127.0.0.1:5004',
])('where only public addresses are reached, %s is refused without a connection', async (url) => {
  await expect(open(url, { allowPrivateUrls: false })).rejects.toThrow(
    /is not fetched: it does not lead to a public address/,
  );
});

test('a name is resolved once, and only an address that was checked is reached', async () => {
  await using server = await RtspServer.start({ clip });
  const asked: string[] = [];
  const resolve = (hostname: string) => {
    asked.push(hostname);
    return Promise.resolve([{ address: asked.length === 1 ? '127.0.0.1' : '10.9.9.9', family: 4 }]);
  };
  const network = { resolve, isPublic: (address: string) => address === '127.0.0.1' };
  const url = `rtsp://camera.example:${server.port}/camera`;
  if (!isOld) expectSteady(await timesOf(await open(url, { allowPrivateUrls: false, network })));
  const refused = open(url, { allowPrivateUrls: false, network: { ...network, isPublic: () => false } });
  await expect(refused).rejects.toThrow('does not lead to a public address');
  await expect(open(url, { allowPrivateUrls: false, network }, 'udp')).rejects.toThrow(
    'cannot be read over UDP',
  );
});

test.skipIf(isOld || !knowsProtocol('rtmp'))('RTMP: pictures come, the sound is left out', async () => {
  const url = `rtmp://127.0.0.1:${await freePort()}/live/key`;
  await using sender = new FfmpegSender(['-f', 'flv', '-listen', '1', url]);
  await using stream = await openSoon(url);
  expect(stream.info).toMatchObject({ width: 128, height: 96, duration: null, live: true });
  expectSteady(await timesOf(stream));
  expect(sender.isRunning).toBe(true);
});

test.skipIf(isOld || !knowsProtocol('srt'))(
  'SRT: pictures come, and the passphrase is in no message',
  async () => {
    const url = `srt://127.0.0.1:${await freePort()}?passphrase=sesame-open-up`;
    await using sender = new FfmpegSender(['-f', 'mpegts', `${url}&mode=listener`]);
    await using stream = await openSoon(url);
    expect(stream.info).toMatchObject({ width: 128, height: 96, live: true });
    expect(sender.isRunning).toBe(true);
    expectSteady(await timesOf(stream));
    await expect(open(url.replace(/open-up/, 'shut-again'))).rejects.toMatchObject({
      message: expect.not.stringContaining('sesame') as string,
    });
  },
);

test.skipIf(isOld)('MPEG-TS over UDP: pictures come from wherever it is joined', async () => {
  const url = `udp://127.0.0.1:${await freePort()}`;
  await using sender = new FfmpegSender(['-f', 'mpegts', `${url}?pkt_size=1316`]);
  await using stream = await open(url);
  expectSteady(await timesOf(stream));
  expect(stream.warnings).toEqual([]);
  expect(sender.isRunning).toBe(true);
});

test('MPEG-TS over UDP is received only at an address of this machine', async () => {
  await expect(open('udp://192.0.2.1:5004')).rejects.toMatchObject({ code: 'invalid_request' });
});
