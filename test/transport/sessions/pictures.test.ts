import sharp from 'sharp';
import { expect, test } from 'vitest';
import { SampleLibrary } from '../../../server/library/samples.js';
import { UploadStore } from '../../../server/library/upload-store.js';
import { encodePictureMessage, type PictureMessage } from '../../../server/protocol/picture-message.js';
import { sourceOpener } from '../../../server/transport/sessions/source-opener.js';
import type { OpenSource } from '../../../server/transport/sessions/open-source.js';
import { TestClient } from '../test-client.js';
import { startTestServer } from '../test-server.js';

const red = { r: 200, g: 20, b: 20 };
const jpeg = await sharp({ create: { width: 32, height: 16, channels: 3, background: red } })
  .jpeg()
  .toBuffer();

async function openPictures(): Promise<TestClient> {
  const uploads = await UploadStore.create({ maxBytes: 1, maxUploads: 1, keepMs: 1 });
  await uploads[Symbol.asyncDispose]();
  const openSource: OpenSource = sourceOpener({
    allowRoots: [],
    allowUrls: false,
    allowPrivateUrls: false,
    allowBundledFfmpeg: false,
    trusted: true,
    samples: new SampleLibrary('/nonexistent'),
    uploads,
  });
  const server = await startTestServer({ openSource });
  const client = await TestClient.open(server.url, { policy: { type: 'never' } });
  client.send({ type: 'source.start', source: { type: 'pictures' }, fps: 2 });
  await client.next('source.opened');
  return client;
}

function push(client: TestClient, picture: PictureMessage): void {
  client.socket.send(encodePictureMessage(picture));
}

test('pushed pictures, encoded or raw, become frames at their own times', async () => {
  const client = await openPictures();
  push(client, { kind: 'encoded', videoTime: 0.25, bytes: jpeg });
  expect(await client.next('frame.scored')).toMatchObject({ frame_index: 0, video_time: 0.25 });
  push(client, { kind: 'rgb', videoTime: 3.5, width: 4, height: 2, bytes: new Uint8Array(24) });
  expect(await client.next('frame.scored')).toMatchObject({ frame_index: 1, video_time: 3.5 });
  client.send({ type: 'source.stop' });
  expect(await client.next('source.ended')).toMatchObject({ reason: 'stopped' });
});

const header = (fields: {
  kind?: number;
  time?: number;
  width?: number;
  height?: number;
  zero?: number;
}): Buffer => {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt8(fields.kind ?? 1, 0);
  bytes.writeUInt8(fields.zero ?? 0, 1);
  bytes.writeUInt16LE(fields.width ?? 0, 4);
  bytes.writeUInt16LE(fields.height ?? 0, 6);
  bytes.writeDoubleLE(fields.time ?? 0, 8);
  return bytes;
};

test.each([
  ['shorter than its header', Buffer.alloc(7), '16-byte header'],
  ['nothing but a header', header({}), '16-byte header'],
  ['of an unknown kind', Buffer.concat([header({ kind: 9 }), jpeg]), 'kind is 9'],
  ['at no time', Buffer.concat([header({ time: NaN }), jpeg]), 'time is NaN'],
  ['at a negative time', Buffer.concat([header({ time: -1 }), jpeg]), 'time is -1'],
  ['with bytes set that must be 0', Buffer.concat([header({ zero: 1 }), jpeg]), 'must be 0'],
  [
    'of raw pixels that do not fit its size',
    Buffer.concat([header({ kind: 2, width: 4, height: 4 }), jpeg]),
    '4x4',
  ],
  ['of raw pixels without a size', Buffer.concat([header({ kind: 2 }), jpeg]), '0x0'],
  ['full of garbage', Buffer.concat([header({}), Buffer.from('this is no picture at all')]), 'JPEG'],
  ['cut off', Buffer.concat([header({}), jpeg.subarray(0, jpeg.length / 2)]), 'picture'],
])('a picture %s is refused and the next one is taken', async (_what, message, words) => {
  const client = await openPictures();
  client.socket.send(message);
  expect((await client.next('error')).message).toContain(words);
  push(client, { kind: 'encoded', videoTime: 5, bytes: jpeg });
  expect(await client.next('frame.scored')).toMatchObject({ frame_index: 0, video_time: 5 });
});

test('a picture that is not later than the one before is refused', async () => {
  const client = await openPictures();
  push(client, { kind: 'encoded', videoTime: 2, bytes: jpeg });
  await client.next('frame.scored');
  push(client, { kind: 'encoded', videoTime: 2, bytes: jpeg });
  expect((await client.next('error')).code).toBe('invalid_request');
});

test('a picture without a source that takes pictures is refused', async () => {
  const client = await TestClient.open((await startTestServer()).url);
  push(client, { kind: 'encoded', videoTime: 0, bytes: jpeg });
  expect(await client.next('error')).toMatchObject({ code: 'invalid_request' });
});

test('a picture before session.open is refused', async () => {
  const client = await TestClient.connect((await startTestServer()).url);
  push(client, { kind: 'encoded', videoTime: 0, bytes: jpeg });
  expect(await client.next('error')).toMatchObject({ code: 'invalid_request' });
});

test('a camera with broken pictures and repeated times keeps its session; the end counts them', async () => {
  const client = await openPictures();
  const broken = jpeg.subarray(0, jpeg.length - 2);
  for (let k = 0; k < 400; k += 1) {
    const videoTime = k % 10 === 5 ? 0 : k;
    push(client, { kind: 'encoded', videoTime, bytes: k % 3 === 1 ? broken : jpeg });
    if (k % 3 === 0 && k % 10 !== 5) await client.next('frame.scored');
  }
  client.send({ type: 'ping' });
  await client.next('pong');
  const errors = client.received.filter(({ type }) => type === 'error');
  expect(errors.length).toBeLessThan(60);
  client.send({ type: 'source.stop' });
  const { warnings } = await client.next('source.ended');
  expect(warnings.join('\n')).toMatch(/skipped 40 pictures that had a time that was not above/);
  expect(warnings.join('\n')).toMatch(/skipped \d+ pictures that were broken/);
});

test('pictures and texts may be timed on a Unix clock, with milliseconds', async () => {
  const client = await openPictures();
  const now = 1_790_000_000.25;
  push(client, { kind: 'encoded', videoTime: now, bytes: jpeg });
  expect(await client.next('frame.scored')).toMatchObject({ video_time: now });
  client.send({ type: 'user.text', text: 'Hello?', video_time: now + 0.5 });
  push(client, { kind: 'encoded', videoTime: now + 0.5, bytes: jpeg });
  expect(await client.next('user.text.inserted')).toMatchObject({
    video_time: now + 0.5,
    requested_time: now + 0.5,
  });
});

test('a restarted camera continues, and the record says by how much its clock is off', async () => {
  const client = await openPictures();
  for (const videoTime of [80, 80.5, 0, 0.5, 1]) push(client, { kind: 'encoded', videoTime, bytes: jpeg });
  expect(await client.next('source.clock.changed')).toMatchObject({ pushed_time: 1, offset: 81 });
  push(client, { kind: 'encoded', videoTime: 1.5, bytes: jpeg });
  const scored = () =>
    client.received.flatMap((one) => (one.type === 'frame.scored' ? [one.video_time] : []));
  await expect.poll(scored).toEqual([80, 80.5, 82, 82.5]);
});

test('pictures that go on after the end of their source never end the connection', async () => {
  const client = await openPictures();
  client.send({ type: 'source.stop' });
  await client.next('source.ended');
  for (let k = 0; k < 300; k += 1) push(client, { kind: 'encoded', videoTime: k, bytes: jpeg });
  client.send({ type: 'ping' });
  await client.next('pong');
});
