import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';

import { RefuseRedirects } from '../../../../../server/video/sources/url/live/refuse-redirects.js';
import { cpuMsOf } from '../../../../support/cpu-time.js';

/** Sends the bytes in pieces of this size; returns what passed, and whether a redirect was refused. */
async function passed(bytes: Buffer, piece: number): Promise<{ bytes: Buffer; refused: boolean }> {
  let refused = false;
  const guard = new RefuseRedirects(() => {
    refused = true;
  });
  const pieces = Array.from({ length: Math.ceil(bytes.length / piece) }, (_, i) =>
    bytes.subarray(i * piece, (i + 1) * piece),
  );
  const sent = pipeline(Readable.from(pieces), guard).catch(() => undefined);
  const seen = await buffer(guard).catch(() => Buffer.alloc(0));
  await sent;
  return { bytes: seen, refused };
}

const media = Buffer.concat([Buffer.from([0x24, 0, 0, 40]), Buffer.alloc(40, 'RTSP/')]);

test.each([1, 3, 7, 64, 100_000])('all bytes pass unchanged in pieces of %d', async (piece) => {
  const replies = 'RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\nRTSP/1.0 404 Not Found\r\n\r\nRTSP/1.0 3 x\r\n';
  const bytes = Buffer.concat([Buffer.from(replies), media, media, Buffer.from('RTSP/1.0 3000 no\r\nRT')]);
  expect(await passed(bytes, piece)).toEqual({ bytes, refused: false });
});

test('looking for redirects takes no longer where bytes look like replies everywhere', async () => {
  const bytes = Buffer.alloc(4_000_000, 'RTSP/');
  const cpuMs = await cpuMsOf(async () => {
    expect((await passed(bytes, 65_536)).refused).toBe(false);
  });
  expect(cpuMs).toBeLessThan(2000);
});

test.each([
  'RTSP/1.0 302 Found\r\nLocation: rtsp://10.0.0.1/\r\n\r\n',
  'RTSP/1.0 \t 301\r\n',
  'RTSP/x 00303 \r\n',
  `RTSP/1.0${' '.repeat(3000)}+302\r\n`,
])('a redirect is refused, however it is written and cut: %j', async (reply) => {
  const before = Buffer.concat([Buffer.from('RTSP/1.0 200 OK\r\n\r\n'), media]);
  for (const piece of [1, 5, 4096, 100_000]) {
    const outcome = await passed(Buffer.concat([before, Buffer.from(reply)]), piece);
    expect([piece, outcome.refused]).toEqual([piece, true]);
  }
});
