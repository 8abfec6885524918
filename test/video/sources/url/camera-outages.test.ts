import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';

import { expect, test } from 'vitest';

import { SourceHandler } from '../../../../server/video/sources/handler.js';
import { retryLive } from '../../../../server/video/sources/retry.js';
import type { StreamNotice } from '../../../../server/video/stream.js';
import { ffmpeg, makeFile, writeFile } from '../../../support/clips.js';
import { HttpPages } from '../../../support/http-pages.js';
import { clipOptions } from '../../../support/open-clip.js';
import { RtspServer } from '../../../support/rtsp-server.js';

const jpegOf = (size: string) =>
  readFileSync(makeFile(['-f', 'lavfi', '-i', `testsrc=s=${size}`, '-frames:v', '1'], 'jpg'));
const small = jpegOf('64x64');
const large = jpegOf('160x120');

/** Sends ten pictures a second, and none any more after the last, without closing the connection. */
function show(response: ServerResponse, pictures: (number: number) => Buffer | undefined): void {
  response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=frame' });
  let number = 0;
  const timer = setInterval(() => {
    const picture = pictures(number);
    number += 1;
    if (picture === undefined) return;
    const head = `--frame\r\nContent-Type: image/jpeg\r\nContent-Length: ${picture.length}\r\n\r\n`;
    response.write(Buffer.concat([Buffer.from(head), picture, Buffer.from('\r\n')]));
  }, 100);
  response.on('close', () => {
    clearInterval(timer);
  });
}

/** Watches an address until its listener has heard a notice of a type and two frames more have come. */
async function noticesUntil(type: StreamNotice['type'], url: string) {
  const heard: StreamNotice[] = [];
  const times: number[] = [];
  const options = { ...clipOptions, sampler: undefined, fps: 4, pacing: 'realtime' } as const;
  await using handler = await SourceHandler.open(
    { source: { type: 'url', url }, options, retry: retryLive(), hear: (notice) => heard.push(notice) },
    AbortSignal.timeout(60_000),
  );
  let framesMore = 2;
  for await (const { videoTime } of handler) {
    times.push(videoTime);
    if (heard.some((notice) => notice.type === type)) framesMore -= 1;
    if (framesMore === 0) break;
  }
  return { heard, times };
}

test('a camera that falls silent without closing is told, given up after three times as long, and seen again', async () => {
  let asked = 0;
  await using pages = await HttpPages.listen((_request, response) => {
    asked += 1;
    const most = asked === 1 ? 20 : Infinity;
    show(response, (number) => (number < most ? small : undefined));
  });
  const { heard, times } = await noticesUntil('source.reopened', `${pages.base}/camera`);
  expect(heard.map(({ type }) => type)).toEqual(['source.stalled', 'source.reconnecting', 'source.reopened']);
  const [stalled, reconnecting, reopened] = heard;
  expect(stalled).toMatchObject({ silentSeconds: expect.closeTo(5, 0) as number });
  expect(reconnecting).toMatchObject({ attempt: 1, code: 'source_failed' });
  if (reopened?.type !== 'source.reopened') throw new Error('it was not reopened');
  expect(reopened.gapSeconds).toBeGreaterThan(14);
  expect(reopened.gapSeconds).toBeLessThan(25);
  const longest = Math.max(...times.slice(1).map((time, i) => time - (times[i] ?? 0)));
  expect(longest).toBeGreaterThan(14);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
}, 90_000);

test('a camera that changes the size of its pictures goes on, and tells it once', async () => {
  await using pages = await HttpPages.listen((_request, response) => {
    show(response, (number) => (number < 15 ? small : large));
  });
  const { heard } = await noticesUntil('source.resized', `${pages.base}/camera`);
  expect(heard).toEqual([{ type: 'source.resized', width: 160, height: 120 }]);
}, 60_000);

test.skipIf(ffmpeg.libavcodec.major < 59)(
  'so does an RTSP camera',
  async () => {
    const encoding = [
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
      '-bf',
      '0',
      '-g',
      '10',
      '-pix_fmt',
      'yuv420p',
    ];
    const part = (size: string, seconds: number) =>
      readFileSync(
        makeFile(['-f', 'lavfi', '-i', `testsrc=s=${size}:r=25:d=${seconds}`, ...encoding], 'h264'),
      );
    const clip = writeFile('resized.h264', Buffer.concat([part('128x96', 8), part('192x144', 30)]));
    await using camera = await RtspServer.start({ clip });
    const { heard } = await noticesUntil('source.resized', `rtsp://127.0.0.1:${camera.port}/camera`);
    expect(heard).toEqual([{ type: 'source.resized', width: 192, height: 144 }]);
  },
  60_000,
);
