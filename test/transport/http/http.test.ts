import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SampleLibrary } from '../../../server/library/samples.js';
import { UploadStore } from '../../../server/library/upload-store.js';
import { sessionEventSchema } from '../../../server/protocol/session-events.js';
import { fakeFrames, FakeStream } from '../../support/fake-stream.js';
import { TestClient } from '../test-client.js';
import { startTestServer, temporaryFolder } from '../test-server.js';

async function getJson(url: string): Promise<unknown> {
  return (await fetch(url)).json();
}

function upload(url: string, name: string, bytes: string, field = 'file'): Promise<Response> {
  const form = new FormData();
  form.set(field, new Blob([bytes]), name);
  return fetch(`${url}/v1/uploads`, { method: 'POST', body: form });
}

async function samplesFolder(): Promise<string> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'clips'));
  await mkdir(join(folder, 'annotations'));
  await writeFile(join(folder, 'clips', 'garden.mp4'), '0123456789');
  const conversation = [{ role: 'user', content: 'What comes in?', time: 4 }];
  const items = [{ question_id: 'garden.0', video: 'clips/garden.mp4', conversation, answer: [] }];
  await writeFile(join(folder, 'annotations', 'magqa.json'), JSON.stringify(items));
  return folder;
}

test('the address of the WebSocket says what it is to a browser, and to a proxy that drops the upgrade', async () => {
  const { url } = await startTestServer();
  const answer = await fetch(`${url}/v1/duet`);
  expect([answer.status, answer.headers.get('upgrade')]).toEqual([426, 'websocket']);
  const message: unknown = expect.stringContaining('a proxy in between must pass on Upgrade and Connection');
  expect(await answer.json()).toEqual({ error: { code: 'invalid_request', message } });
});

test.each([
  ['Range', 'bytes=10-', 416, 'bytes */10'],
  ['If-Match', '"another"', 412, null],
])('a clip asked for with %s: %s is answered with %i', async (name, value, status, range) => {
  const { url } = await startTestServer({ samples: new SampleLibrary(await samplesFolder()) });
  const answer = await fetch(`${url}/v1/samples/garden`, { headers: { [name]: value } });
  expect([answer.status, answer.headers.get('content-range')]).toEqual([status, range]);
  const message: unknown = expect.stringMatching(/The file .+: /);
  expect(await answer.json()).toEqual({ error: { code: 'invalid_request', message } });
});

test('health, readiness and models are reported', async () => {
  const { url } = await startTestServer();
  expect(await getJson(`${url}/healthz`)).toEqual({ status: 'ok' });
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  const models = await getJson(`${url}/v1/models`);
  const about = { footage: 'real', languages: null, sees: {}, suggestions: {} };
  expect(models).toMatchObject({ data: [{ name: 'fake', tasks: ['default'], ...about }] });
});

test('a server tells by which protocols it takes pushed streams', async () => {
  const none = await startTestServer();
  expect(await getJson(`${none.url}/v1/ingest`)).toEqual({ data: [] });
  const both = await startTestServer({ ingest: { protocols: ['rtmp', 'srt'] } });
  expect(await getJson(`${both.url}/v1/ingest`)).toEqual({
    data: [{ protocol: 'rtmp' }, { protocol: 'srt' }],
  });
});

test('the JSON Schema of the protocol is published', async () => {
  const { url } = await startTestServer();
  const schema = await getJson(`${url}/v1/protocol.json`);
  expect(schema).toMatchObject({ title: 'duet.v1', $defs: { ClientMessage: {}, ServerMessage: {} } });
});

test('samples are listed with their questions and can be read in part', async () => {
  const { url } = await startTestServer({ samples: new SampleLibrary(await samplesFolder()) });
  const list = await getJson(`${url}/v1/samples`);
  const questions = [{ text: 'What comes in?', video_time: 4, spans: [] }];
  expect(list).toEqual({ data: [{ name: 'garden', footage: 'real', url: '/v1/samples/garden', questions }] });
  const part = await fetch(`${url}/v1/samples/garden`, { headers: { range: 'bytes=2-4' } });
  expect([part.status, await part.text(), part.headers.get('content-type')]).toEqual([
    206,
    '234',
    'video/mp4',
  ]);
});

test.each([
  '/v1/samples/none',
  '/v1/samples/..%2f..%2fpackage.json',
  '/v1/uploads/none',
  '/v1/sessions/none',
  '/v1/x',
])('%s is answered with a JSON error', async (path) => {
  const { url } = await startTestServer({ samples: new SampleLibrary(await samplesFolder()) });
  const response = await fetch(url + path);
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({ error: { code: 'not_found' } });
});

test('an upload gets a name of ours, supports ranges, and is deleted when the server closes', async () => {
  const uploads = await UploadStore.create({ maxBytes: 100, maxUploads: 2, keepMs: 60_000 });
  const { url } = await startTestServer({ uploads });
  const response = await upload(url, '../../etc/evil name.MP4', 'abcdef');
  expect(response.status).toBe(201);
  const { upload_id: id, url: path } = (await response.json()) as { upload_id: string; url: string };
  expect(await readdir(uploads.folder)).toEqual([`${id}.mp4`]);
  const part = await fetch(url + path, { headers: { range: 'bytes=0-2' } });
  expect([part.status, await part.text()]).toEqual([206, 'abc']);
  await uploads[Symbol.asyncDispose]();
  await expect(readFile(join(uploads.folder, `${id}.mp4`))).rejects.toThrow('ENOENT');
});

test.each([
  ['too large', 'a.mp4', 'x'.repeat(101), 'file', 413, 'too_large'],
  ['no video', 'a.exe', 'x', 'file', 415, 'unsupported'],
  ['without ending', 'video', 'x', 'file', 415, 'unsupported'],
  ['in another field', 'a.mp4', 'x', 'video', 400, 'invalid_request'],
])(
  'an upload that is %s is refused and leaves nothing behind',
  async (_what, name, bytes, field, status, code) => {
    const uploads = await UploadStore.create({ maxBytes: 100, maxUploads: 2, keepMs: 60_000 });
    const { url } = await startTestServer({ uploads });
    const response = await upload(url, name, bytes, field);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { code } });
    await expect.poll(() => readdir(uploads.folder)).toEqual([]);
    await uploads[Symbol.asyncDispose]();
  },
);

test('a broken multipart body is the fault of the request', async () => {
  const { url } = await startTestServer();
  const headers = { 'content-type': 'multipart/form-data; boundary=x' };
  const response = await fetch(`${url}/v1/uploads`, { method: 'POST', headers, body: 'abc' });
  expect(response.status).toBe(400);
});

test('no more uploads are kept than allowed', async () => {
  const { url } = await startTestServer();
  for (const name of ['a.mp4', 'b.mp4']) expect((await upload(url, name, 'x')).status).toBe(201);
  const response = await upload(url, 'c.mp4', 'x');
  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({ error: { code: 'busy' } });
});

test('a session can be read as a transcript and as the lines of its record', async () => {
  const { url } = await startTestServer({ stream: () => new FakeStream(fakeFrames([10, 90])) });
  const client = await TestClient.open(url);
  client.send({ type: 'user.text', text: 'What is it?' });
  client.send({ type: 'source.start', source: { type: 'sample', name: 'any' } });
  await client.next('source.ended');
  const session = await getJson(`${url}/v1/sessions/${client.sessionId}`);
  expect(session).toMatchObject({
    session_id: client.sessionId,
    transcript: [
      { role: 'user', video_time: 0, text: 'What is it?' },
      { role: 'assistant', video_time: 0.5, text: 'reply 0', status: 'completed' },
    ],
  });
  const record = await fetch(`${url}/v1/sessions/${client.sessionId}/events`);
  expect(record.headers.get('content-type')).toContain('application/x-ndjson');
  const lines = (await record.text()).trimEnd().split('\n');
  expect(lines.map((line) => sessionEventSchema.parse(JSON.parse(line)))).toEqual(client.received);
});

test('every answer carries the security headers', async () => {
  const { url } = await startTestServer();
  const { headers } = await fetch(`${url}/healthz`);
  const policy = headers.get('content-security-policy')?.split(';') ?? [];
  expect(policy).toContain("default-src 'self'");
  expect(policy).toContain("connect-src 'self'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(headers.get('strict-transport-security')).toBeNull();
  expect(headers.get('permissions-policy')).toContain('microphone=()');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('x-powered-by')).toBeNull();
});

test('a port in use is named in the error', async () => {
  const { url } = await startTestServer();
  const port = Number(new URL(url).port);
  await expect(startTestServer({ port })).rejects.toThrow(`127.0.0.1:${port} is in use`);
});
