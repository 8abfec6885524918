import { existsSync } from 'node:fs';
import { readdir, readFile, symlink } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { SampleLibrary } from '../../../../server/library/samples.js';
import { UploadStore, type UploadLimits } from '../../../../server/library/upload-store.js';
import type { RunningServer } from '../../../../server/transport/serve.js';
import { sourceOpener } from '../../../../server/transport/sessions/source-opener.js';
import { RawRequest } from '../../raw-request.js';
import { TestClient } from '../../test-client.js';
import { startTestServer, type TestServerOptions } from '../../test-server.js';

const kitchen = await readFile(new URL('../../../../samples/clips/kitchen.mp4', import.meta.url));

interface Started extends RunningServer {
  readonly uploads: UploadStore;
}

async function start(limits: Partial<UploadLimits> = {}, options: TestServerOptions = {}): Promise<Started> {
  const wide = { maxBytes: 10_000_000, maxUploads: 4, keepMs: 60_000 };
  const uploads = await UploadStore.create({ ...wide, ...limits });
  onTestFinished(() => uploads[Symbol.asyncDispose]());
  const rules = {
    allowRoots: [],
    allowUrls: false,
    allowPrivateUrls: false,
    allowBundledFfmpeg: false,
    trusted: true,
  };
  const openSource = sourceOpener({ ...rules, samples: new SampleLibrary('/nonexistent'), uploads });
  return { ...(await startTestServer({ uploads, openSource, ...options })), uploads };
}

async function upload(url: string, name = 'a.mp4', bytes: string | Buffer = 'x'): Promise<Response> {
  const form = new FormData();
  form.set('file', new Blob([new Uint8Array(Buffer.from(bytes))]), name);
  return fetch(`${url}/v1/uploads`, { method: 'POST', body: form });
}

async function uploaded(url: string, name?: string, bytes?: string | Buffer): Promise<string> {
  const response = await upload(url, name, bytes);
  expect(response.status).toBe(201);
  return ((await response.json()) as { upload_id: string }).upload_id;
}

const remove = (url: string, id: string): Promise<Response> =>
  fetch(`${url}/v1/uploads/${id}`, { method: 'DELETE' });

test('a deleted upload is gone, and its place is free', async () => {
  const { url, uploads } = await start({ maxUploads: 1 });
  const id = await uploaded(url);
  expect((await upload(url)).status).toBe(503);
  expect((await remove(url, id)).status).toBe(204);
  expect(await readdir(uploads.folder)).toEqual([]);
  expect((await remove(url, id)).status).toBe(404);
  expect((await fetch(`${url}/v1/uploads/${id}`)).status).toBe(404);
  await uploaded(url);
});

test('an upload in progress takes a place, and frees it when its client disconnects', async () => {
  const { url, uploads } = await start({ maxUploads: 2 });
  const held = ['a.mp4', 'b.ts'].map((name) => {
    const request = new RawRequest(url);
    request.startUpload(name, 1_000_000);
    request.write('begun'.repeat(20_000));
    return request;
  });
  await expect.poll(() => readdir(uploads.folder)).toHaveLength(2);
  const refused = await upload(url);
  expect([refused.status, await refused.json()]).toMatchObject([503, { error: { code: 'busy' } }]);
  for (const { socket } of held) socket.destroy();
  await expect.poll(() => readdir(uploads.folder)).toEqual([]);
  await expect.poll(async () => (await upload(url)).status).toBe(201);
});

test('a session reads a deleted upload to its end, and nobody else can open it', async () => {
  const { url, uploads } = await start({ maxUploads: 1 });
  const id = await uploaded(url, 'a.mp4', kitchen);
  const source = { type: 'upload', upload_id: id };
  const client = await TestClient.open(url, { policy: { type: 'never' } });
  client.send({ type: 'source.start', source, pacing: 'realtime', fps: 10 });
  await client.next('frame.scored');
  expect((await remove(url, id)).status).toBe(204);
  for (let count = 0; count < 3; count += 1) await client.next('frame.scored');
  const other = await TestClient.open(url);
  other.send({ type: 'source.start', source });
  expect(await other.next('error')).toMatchObject({ code: 'not_found' });
  expect((await upload(url)).status).toBe(503);
  client.send({ type: 'source.stop' });
  expect(await client.next('source.ended')).toMatchObject({ reason: 'stopped' });
  await expect.poll(() => readdir(uploads.folder)).toEqual([]);
  await uploaded(url);
});

test('an upload that is watched for longer than uploads are kept stays until then', async () => {
  const { uploads } = await start({ keepMs: 1 });
  for (const id of ['watched', 'idle']) {
    const path = join(uploads.folder, `${id}.mp4`);
    uploads.expect({ id, address: null, announced: 0 }).keep({ path, bytes: 1, type: null });
    if (id === 'watched') onTestFinished(uploads.use(id).release);
  }
  const isThere = (id: string): boolean => {
    try {
      uploads.use(id).release();
      return true;
    } catch {
      return false;
    }
  };
  // A request would extend its lifetime.
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect([isThere('idle'), isThere('watched')]).toEqual([false, true]);
});

test('a source that fails to open releases its upload', async () => {
  const { url, uploads } = await start();
  const id = await uploaded(url, 'a.mp4', 'no video at all');
  const client = await TestClient.open(url);
  client.send({ type: 'source.start', source: { type: 'upload', upload_id: id } });
  expect((await client.next('error')).code).toBe('source_failed');
  await remove(url, id);
  expect(await readdir(uploads.folder)).toEqual([]);
});

test('the bytes of all uploads are bounded, announced or not', async () => {
  const { url, uploads } = await start({ maxTotalBytes: 200_000 });
  await uploaded(url, 'a.mp4', 'x'.repeat(150_000));
  const announced = await upload(url, 'b.mp4', 'x'.repeat(60_000));
  expect([announced.status, await announced.json()]).toMatchObject([
    507,
    { error: { code: 'storage_full' } },
  ]);
  const request = new RawRequest(url);
  request.startUpload('c.mp4', 'chunked');
  for (let count = 0; count < 8; count += 1) request.write('x'.repeat(16_000), 'chunked');
  await expect.poll(() => request.received).toMatch(/^HTTP\/1\.1 507 /);
  await expect.poll(() => readdir(uploads.folder)).toHaveLength(1);
});

test('one address is limited in uploads, except this machine', async () => {
  const { uploads } = await start({ maxPerAddress: 2, maxUploads: 3 });
  const expectOf = (address: string | null) => () => uploads.expect({ id: 'x', address, announced: 0 });
  const first = expectOf('192.0.2.1')();
  expectOf('192.0.2.1')();
  expect(expectOf('192.0.2.1')).toThrow('2 uploads of your address');
  first.discard();
  expect(expectOf('192.0.2.1')).not.toThrow();
  expect(expectOf(null)).not.toThrow();
  expect(expectOf(null)).toThrow('3 uploads already');
});

test('an upload that trickles is stopped, and nothing of it is left', async () => {
  const { url, uploads } = await start({}, { uploadPace: { graceMs: 300, bytesPerSecond: 5000 } });
  const request = new RawRequest(url);
  request.startUpload('a.mp4', 1_000_000);
  const drip = setInterval(() => {
    request.write('x');
  }, 20);
  onTestFinished(() => {
    clearInterval(drip);
  });
  await expect.poll(() => request.received).toMatch(/^HTTP\/1\.1 400 .*too slow: \d+ bytes came/s);
  expect(await readdir(uploads.folder)).toEqual([]);
});

test.skipIf(!existsSync('/dev/full'))(
  'a full disk is told as such, and nothing of the file is left',
  async () => {
    const { url, uploads } = await start({ maxUploads: 1 }, { newId: () => 'full' });
    await symlink('/dev/full', join(uploads.folder, 'full.mp4'));
    const response = await upload(url, 'a.mp4', 'x'.repeat(100_000));
    expect(response.status).toBe(507);
    expect(await response.json()).toMatchObject({ error: { code: 'storage_full' } });
    expect(await readdir(uploads.folder)).toEqual([]);
    await uploaded(url);
  },
);

test.each([
  '00001.MTS 00002.m2ts VTS_01_1.VOB clip.3g2 clip.asf clip.mxf clip.ts clip.mpg clip.wmv clip.flv ' +
    'clip.ogv clip.webp clip.gif',
  'clip.apng clip.divx clip.h264 clip.y4m clip.nut clip.ivf clip.dv clip.mk3d clip.f4v clip.mov ' +
    'clip.mjpeg clip.m2v clip.png',
])('the extensions that cameras use are accepted: %s', async (names) => {
  const { url } = await start({ maxUploads: 100 });
  for (const name of names.split(' ')) await uploaded(url, name);
});

test.each(['kitchen', 'kitchen.bin', 'kitchen.MP4.part', 'video.php?id=3', '視頻'])(
  'a video named %s is accepted by its content, and watched',
  async (name) => {
    const { url, uploads } = await start();
    const id = await uploaded(url, name, kitchen);
    expect(await readdir(uploads.folder)).toEqual([`${id}.mp4`]);
    expect((await fetch(`${url}/v1/uploads/${id}`)).headers.get('content-type')).toBe('video/mp4');
    const client = await TestClient.open(url, { policy: { type: 'never' } });
    client.send({ type: 'source.start', source: { type: 'upload', upload_id: id }, max_frames: 1 });
    await client.next('source.ended');
  },
);

const wav = Buffer.concat([Buffer.from('RIFF\xff\xff\xff\x7fWAVEfmt ', 'latin1'), Buffer.alloc(100_000)]);

test.each([
  ['a song', 'song.mp3', Buffer.from('ID3\x04\0\0\0\0\x7f\x7f'), 'holds sound only (mp3)'],
  ['a recording', 'memo.wav', wav, 'holds sound only (wav)'],
  ['a document', 'report.pdf', Buffer.from('%PDF-1.7\n'), 'not a video but something else (pdf)'],
  ['a text', 'notes.txt', Buffer.from('hello'), 'not a video, by name or by content'],
  ['a playlist', 'live.m3u8', Buffer.from('#EXTM3U\nfile:///etc/passwd\n'), 'not a video'],
])('%s is refused and named', async (_what, name, bytes, words) => {
  const { url, uploads } = await start();
  const response = await upload(url, name, bytes);
  expect(response.status).toBe(415);
  expect(await response.json()).toMatchObject({
    error: { code: 'unsupported', message: expect.stringContaining(words) as string },
  });
  expect(await readdir(uploads.folder)).toEqual([]);
});

test('an empty file is refused', async () => {
  const { url } = await start();
  const response = await upload(url, 'a.mp4', '');
  expect([response.status, await response.json()]).toMatchObject([
    400,
    { error: { code: 'invalid_request' } },
  ]);
});

test('a file that is not a video is refused after its first bytes, not at its end', async () => {
  const { url, uploads } = await start();
  const request = new RawRequest(url);
  request.startUpload('song.wav', 5_000_000);
  request.write(wav);
  await expect.poll(() => request.received).toMatch(/^HTTP\/1\.1 415 /);
  expect(await readdir(uploads.folder)).toEqual([]);
});

test('a client that sends Expect: 100-continue is refused before it sends', async () => {
  const { url } = await start({ maxUploads: 1, maxBytes: 2_000_000 });
  await uploaded(url);
  for (const [length, status] of [
    [1000, 503],
    [3_000_000, 503],
  ] as const) {
    let continued = false;
    const answer = await new Promise<number | undefined>((resolve, reject) => {
      const type = 'multipart/form-data; boundary=x';
      const headers = { expect: '100-continue', 'content-length': length, 'content-type': type };
      const request = httpRequest(`${url}/v1/uploads`, { method: 'POST', headers });
      request.on('continue', () => (continued = true));
      request.on('response', (response) => {
        resolve(response.statusCode);
        request.destroy();
      });
      request.on('error', reject);
      request.flushHeaders();
    });
    expect([answer, continued]).toEqual([status, false]);
  }
});

test('an upload that announces too many bytes is refused unread', async () => {
  const { url } = await start({ maxBytes: 1000 });
  const request = new RawRequest(url);
  request.startUpload('a.mp4', 10_000_000_000);
  await expect.poll(() => request.received).toMatch(/^HTTP\/1\.1 413 /);
});

test.each([
  ['a field without a file name', 'name="file"; filename=""'],
  ['another field', 'name="video"; filename="a.mp4"'],
])('%s is refused with what to send', async (_what, disposition) => {
  const { url } = await start();
  const answer = await fetch(`${url}/v1/uploads`, {
    method: 'POST',
    headers: { 'content-type': 'multipart/form-data; boundary=x' },
    body: `--x\r\nContent-Disposition: form-data; ${disposition}\r\n\r\nbytes\r\n--x--\r\n`,
  });
  const message: unknown = expect.stringContaining('the multipart field "file"');
  expect([answer.status, await answer.json()]).toEqual([
    400,
    { error: { code: 'invalid_request', message } },
  ]);
});
