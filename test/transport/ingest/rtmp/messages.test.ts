import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { DuetError } from '../../../../server/errors.js';
import { decodeAmf, encodeAmf } from '../../../../server/transport/ingest/rtmp/amf.js';
import { ByteReader } from '../../../../server/transport/ingest/rtmp/byte-reader.js';
import { encodeRtmpMessage, readRtmpMessages } from '../../../../server/transport/ingest/rtmp/messages.js';

/** All messages in bytes that arrive `step` at a time. */
async function messagesIn(bytes: Buffer, step = bytes.length): Promise<readonly object[]> {
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += step)
      yield await Promise.resolve(bytes.subarray(at, at + step));
  }
  const messages: object[] = [];
  const reader = new ByteReader(pieces(), () => undefined);
  for await (const message of readRtmpMessages(reader)) messages.push(message);
  return messages;
}

const size = (bytes: number): Buffer => Buffer.from([bytes >>> 24, bytes >>> 16, bytes >>> 8, bytes]);
const header = (format: number, channel: number, ...rest: number[]): Buffer =>
  Buffer.from([(format << 6) | channel, ...rest]);

test.each([1, 7, 4096])('messages are the same however they arrive: %d bytes at a time', async (step) => {
  const payload = randomBytes(3000);
  const stream = Buffer.concat([
    encodeRtmpMessage({ type: 1, streamId: 0, payload: size(4096) }),
    encodeRtmpMessage({ type: 20, streamId: 1, payload }),
  ]);
  expect(await messagesIn(stream, step)).toEqual([{ type: 20, streamId: 1, timestamp: 0, payload }]);
});

test('messages on several channels are put together from interleaved chunks, with their times', async () => {
  const [a, b] = [Buffer.alloc(200, 1), Buffer.alloc(150, 2)];
  const stream = Buffer.concat([
    ...[header(0, 4, 0, 0, 40, 0, 0, 200, 9, 1, 0, 0, 0), a.subarray(0, 128)],
    ...[header(0, 6, 255, 255, 255, 0, 0, 150, 8, 1, 0, 0, 0), size(0x01000000), b.subarray(0, 128)],
    ...[header(3, 4), a.subarray(128), header(3, 6), size(0x01000000), b.subarray(128)],
    ...[header(1, 4, 0, 0, 33, 0, 0, 1, 9), Buffer.from([7]), header(3, 4), Buffer.from([8])],
  ]);
  expect(await messagesIn(stream)).toEqual([
    { type: 9, streamId: 1, timestamp: 40, payload: a },
    { type: 8, streamId: 1, timestamp: 0x01000000, payload: b },
    { type: 9, streamId: 1, timestamp: 73, payload: Buffer.from([7]) },
    { type: 9, streamId: 1, timestamp: 106, payload: Buffer.from([8]) },
  ]);
});

test.each([
  ['a message of 16 MB', header(0, 4, 0, 0, 0, 255, 255, 255, 9, 1, 0, 0, 0), 'more than 8 MiB'],
  ['a chunk that continues nothing', header(3, 4), 'continues nothing'],
  ['chunks of no size', encodeRtmpMessage({ type: 1, streamId: 0, payload: size(0) }), 'a size of nothing'],
  [
    'too many channels',
    Buffer.concat(Array.from({ length: 17 }, (_, id) => header(0, id + 2, ...Array<number>(11).fill(0)))),
    'more than 16 channels',
  ],
])('%s is refused', async (_, bytes, message) => {
  await expect(messagesIn(bytes)).rejects.toThrow(message);
});

test('parts of messages that never end are bounded all together', async () => {
  const begin = (channel: number): Buffer =>
    Buffer.concat([header(0, channel, 0, 0, 0, 0x7f, 255, 255, 9, 1, 0, 0, 0), Buffer.alloc(7 * 1024 ** 2)]);
  const chunks = encodeRtmpMessage({ type: 1, streamId: 0, payload: size(7 * 1024 ** 2) });
  await expect(messagesIn(Buffer.concat([chunks, begin(4), begin(5), begin(6)]))).rejects.toThrow('8 MiB');
});

test('commands are read as they were written', () => {
  const values = ['connect', 1, { app: 'live', deep: { flag: true, none: null } }, null] as const;
  expect(decodeAmf(encodeAmf(...values))).toEqual(values);
});

test('damaged commands and chunks are refused by name, never by another error', async () => {
  const command = encodeAmf('publish', 5, null, { app: 'live', list: { a: 1 } }, 'key');
  for (let round = 0; round < 3000; round += 1) {
    const damaged = Buffer.from(command);
    for (const at of randomBytes(3)) damaged[at % damaged.length] = (round * 7 + at) % 256;
    const cut = damaged.subarray(0, damaged.length - (round % 5));
    try {
      decodeAmf(cut);
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(DuetError);
    }
    const outcome = await messagesIn(Buffer.concat([randomBytes(2), cut])).catch((thrown: unknown) => thrown);
    expect(outcome instanceof DuetError || Array.isArray(outcome)).toBe(true);
  }
});

test('values nested without end are refused', () => {
  const nested = Buffer.concat(Array.from({ length: 5000 }, () => Buffer.from([3, 0, 1, 97])));
  expect(() => decodeAmf(nested)).toThrow('cannot be read');
});
