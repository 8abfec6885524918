import { dirname } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { SampleLibrary } from '../../../server/library/samples.js';
import { UploadStore } from '../../../server/library/upload-store.js';
import { sourceOpener } from '../../../server/transport/sessions/source-opener.js';
import { makeFile } from '../../support/clips.js';
import { fakeFrames, FakeStream } from '../../support/fake-stream.js';
import { TestClient } from '../test-client.js';
import { startTestServer } from '../test-server.js';

async function watching(brightness: readonly number[]) {
  const { url } = await startTestServer({ stream: () => new FakeStream(fakeFrames([...brightness])) });
  const client = await TestClient.open(url);
  const get = (query = '') => fetch(`${url}/v1/sessions/${client.sessionId}/picture.jpg${query}`);
  const watch = async (): Promise<void> => {
    client.send({ type: 'source.start', source: { type: 'sample', name: 'any' } });
    await client.next('source.ended');
  };
  return { url, client, get, watch };
}

test('the newest picture is a JPEG of what the model sees, with its number and its time', async () => {
  const { get, watch } = await watching([10, 90]);
  await watch();
  const response = await get();
  expect(Object.fromEntries(response.headers)).toMatchObject({
    ...{ 'content-type': 'image/jpeg', 'cache-control': 'no-store' },
    ...{ 'duet-video-time': '0.5' },
  });
  const { data } = await sharp(await response.arrayBuffer())
    .raw()
    .toBuffer({ resolveWithObject: true });
  expect(Math.abs((data[0] ?? 0) - 90)).toBeLessThan(4);
});

test('where the session has larger pictures they are shown, and those between are passed over', async () => {
  const larger = { width: 960, height: 480, rgb: new Uint8Array(960 * 480 * 3).fill(120) };
  const frames = fakeFrames([10, 90]).map((frame) =>
    frame.index === 0 ? { ...frame, detail: () => Promise.resolve(larger) } : frame,
  );
  const { url } = await startTestServer({ stream: () => new FakeStream(frames) });
  const client = await TestClient.open(url);
  client.send({ type: 'source.start', source: { type: 'sample', name: 'any' } });
  await client.next('source.ended');
  const response = await fetch(`${url}/v1/sessions/${client.sessionId}/picture.jpg`);
  expect(response.headers.get('duet-video-time')).toBe('0');
  const { data, info } = await sharp(await response.arrayBuffer())
    .raw()
    .toBuffer({ resolveWithObject: true });
  expect([info.width, info.height]).toEqual([640, 320]);
  expect(Math.abs((data[0] ?? 0) - 120)).toBeLessThan(4);
});

test.each([
  ['without a preview a file is shown as small as the model sees it', false, [2, 1]],
  ['with a preview it is shown larger', true, [640, 360]],
])('%s', async (_, preview, size) => {
  const path = makeFile(['-f', 'lavfi', '-i', 'testsrc2=s=1280x720:r=4:d=2', '-pix_fmt', 'yuv420p'], 'mp4');
  await using uploads = await UploadStore.create({ maxBytes: 1, maxUploads: 1, keepMs: 1 });
  const openSource = sourceOpener({
    ...{ allowRoots: [dirname(path)], allowUrls: false, allowPrivateUrls: false, allowBundledFfmpeg: true },
    ...{ trusted: true, samples: new SampleLibrary('/nowhere'), uploads },
  });
  const { url } = await startTestServer({ openSource });
  const client = await TestClient.open(url);
  client.send({ type: 'source.start', source: { type: 'file', path }, pacing: 'fast', preview });
  await client.next('source.ended');
  const response = await fetch(`${url}/v1/sessions/${client.sessionId}/picture.jpg`);
  const { width, height } = await sharp(await response.arrayBuffer()).metadata();
  expect([width, height]).toEqual(size);
});

test('who has a picture waits for the next one, and learns when the session is over', async () => {
  const { client, get, watch } = await watching([10]);
  const first = get();
  await watch();
  const number = (await first).headers.get('duet-picture');
  expect(number).toBe('1');
  const waiting = get(`?after=${number ?? ''}`);
  await watch();
  expect((await waiting).headers.get('duet-picture')).toBe('2');
  const last = get('?after=2');
  client.send({ type: 'session.close' });
  await client.closed;
  // It was asked for before the end, or just after.
  expect([204, 404]).toContain((await last).status);
  expect((await get()).status).toBe(404);
});

test('a token of session.share shows the pictures too, and what is no number is refused', async () => {
  const { url, client, get, watch } = await watching([10]);
  await watch();
  client.send({ type: 'session.share' });
  const { token } = await client.next('session.shared');
  expect((await fetch(`${url}/v1/sessions/${token}/picture.jpg`)).status).toBe(200);
  expect((await fetch(`${url}/v1/sessions/follow_wrong/picture.jpg`)).status).toBe(404);
  expect((await get('?after=one')).status).toBe(400);
});

test('what may be watched is listed, addresses only where they are allowed', async () => {
  const list = async (url: string): Promise<unknown> => (await fetch(`${url}/v1/sources`)).json();
  const closed = [
    { type: 'sample' },
    { type: 'pictures' },
    { type: 'container' },
    { type: 'upload', max_bytes: 1_000_000 },
  ];
  expect(await list((await startTestServer()).url)).toEqual({ data: closed });
  const { url } = await startTestServer({
    addresses: { isAny: true, isPrivate: false },
    ingest: { protocols: ['rtmp'] },
  });
  const open = [
    { type: 'url', private: false },
    { type: 'ingest', protocol: 'rtmp' },
  ];
  expect(await list(url)).toEqual({ data: [...closed, ...open] });
});
