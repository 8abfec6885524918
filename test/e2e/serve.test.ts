import { appendFile, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { modelsFolder } from '../../server/runtime/find-model.js';
import { readManifest } from '../../server/runtime/folder/model-folder.js';
import { TestClient } from '../transport/test-client.js';
import { DuetProcess } from './duet-process.js';

const start = { type: 'source.start', source: { type: 'sample', name: 'kitchen' }, pacing: 'realtime' };

async function startServe(...args: string[]): Promise<{ duet: DuetProcess; url: string }> {
  // The servers of other tests are killed; this one has nothing of theirs to sweep, and to tell of.
  const folder = await mkdtemp(join(tmpdir(), 'serve-'));
  const environment = { TMPDIR: folder, TEMP: folder, TMP: folder };
  const duet = new DuetProcess(['serve', '--port', '0', '--workers', '1', ...args], environment);
  const [, url = ''] = await duet.says(/listening on (http:\S+)/);
  return { duet, url };
}

test('duet serve tells its address, model and ffmpeg, and serves the page and a duet', async () => {
  const { duet, url } = await startServe('--model', 'duet-nano');
  await duet.says(/model {3}duet-nano \S+ \(\w+\)\n {2}ffmpeg {2}\S+ \(.+\)\n/);
  const page = await fetch(url);
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  const client = await TestClient.open(url, { policy: { type: 'threshold', threshold: 0 } });
  client.send({ type: 'user.text', event_id: 'q', text: 'What happens?', video_time: 1 });
  client.send({ ...start, pacing: 'fast', max_frames: 8 });
  expect(await client.next('user.text.inserted')).toMatchObject({ client_event_id: 'q', video_time: 1 });
  expect(await client.next('source.ended')).toMatchObject({ frames: 8, reason: 'finished' });
  expect(client.received.map(({ type }) => type)).toContain('response.done');
});

test('folders that cannot be used are told of at the start, and do not stop the server', async () => {
  const file = join(await mkdtemp(join(tmpdir(), 'serve-')), 'file');
  await writeFile(file, '');
  const { duet } = await startServe('--allow-root', '/nonexistent', '--record', join(file, 'records'));
  duet.child.kill('SIGINT');
  const { exitCode, stderr } = await duet.ended;
  expect(exitCode).toBe(0);
  expect(stderr).toContain('The folder /nonexistent of --allow-root cannot be read');
  expect(stderr).toMatch(/No session can be recorded, because .+ cannot be written; name another --record/);
});

test('a port that is taken ends the command, which says what to do', async () => {
  const { url } = await startServe();
  const { port } = new URL(url);
  const { ended } = new DuetProcess(['serve', '--port', port, '--record', 'off']);
  expect(await ended).toMatchObject({
    exitCode: 1,
    stderr: `duet: The address 127.0.0.1:${port} is in use: choose another --port\n`,
  });
});

test('duet serve has a model for real pictures, and one for rendered clips that is loaded when it is asked for', async () => {
  const { duet, url } = await startServe();
  await duet.says(/model {3}duet-sight \S+ \(\w+\)\n {2}model {3}duet-nano \S+ \(\w+\), loaded when/);
  const { data } = (await (await fetch(`${url}/v1/models`)).json()) as { data: object[] };
  expect(data).toMatchObject([
    { name: 'duet-sight', footage: 'real', languages: ['en', 'zh', 'fr', 'es'] },
    { name: 'duet-nano', footage: 'rendered' },
  ]);
});

test('a second model is listed at once, loaded when a client asks for it, and told of where it is broken', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'serve-models-'));
  const second = await copyOfNano(folder, 'second');
  const broken = await copyOfNano(folder, 'broken');
  await appendFile(join(broken, 'tokenizer.json'), ' ');
  const { duet, url } = await startServe(
    ...['duet-nano', second, broken].flatMap((place) => ['--model', place]),
  );
  await duet.says(/model {3}second \S+ \(\w+\), loaded when it is first asked for\n/);
  const { data } = (await (await fetch(`${url}/v1/models`)).json()) as { data: { name: string }[] };
  expect(data.map(({ name }) => name)).toEqual(['duet-nano', 'second', 'broken']);
  const refused = await TestClient.connect(url);
  refused.send({ type: 'session.open', model: 'broken' });
  expect(await refused.next('error')).toMatchObject({
    code: 'model_failed',
    message: expect.stringContaining('tokenizer.json has') as string,
  });
  const client = await TestClient.connect(url);
  client.send({ type: 'session.open', model: 'second' });
  expect(await client.next('session.opened')).toMatchObject({ model: 'second' });
  client.send({ ...start, pacing: 'fast', max_frames: 2 });
  expect(await client.next('source.ended')).toMatchObject({ frames: 2 });
  duet.child.kill('SIGINT');
  expect(await duet.ended).toMatchObject({ exitCode: 0 });
  await rm(folder, { recursive: true });
});

/** The bundled model under another name. */
async function copyOfNano(folder: string, name: string): Promise<string> {
  const path = join(folder, name);
  await mkdir(path);
  const manifest = await readManifest(join(modelsFolder, 'duet-nano'));
  for (const file of Object.keys(manifest.files)) {
    await copyFile(join(modelsFolder, 'duet-nano', file), join(path, file));
  }
  await writeFile(join(path, 'manifest.json'), JSON.stringify({ ...manifest, name }));
  return path;
}

test('Ctrl-C closes sessions with 1001, leaves no process behind and exits with 0', async () => {
  const { duet, url } = await startServe();
  const client = await TestClient.open(url);
  client.send(start);
  await client.next('frame.scored');
  expect(await duet.family()).toContain('ffmpeg');
  duet.child.kill('SIGINT');
  expect((await client.closed).code).toBe(1001);
  expect(await duet.ended).toMatchObject({ exitCode: 0, signal: null, stderr: '' });
  expect(await duet.family()).toEqual([]);
});

test('a client that is killed leaves no ffmpeg behind', async () => {
  const { duet, url } = await startServe('--grace-seconds', '0');
  const client = await TestClient.open(url);
  client.send(start);
  await client.next('frame.scored');
  client.socket.terminate();
  await expect.poll(() => duet.family(), { timeout: 10_000 }).not.toContain('ffmpeg');
  const next = await TestClient.open(url);
  next.send({ ...start, pacing: 'fast', max_frames: 2 });
  await next.next('source.ended');
});

test('a file outside the allowed folders is not found', async () => {
  const { url } = await startServe();
  const client = await TestClient.open(url);
  for (const path of ['/etc/passwd', '../package.json', '../../etc/passwd']) {
    client.send({ ...start, source: { type: 'file', path } });
    expect(await client.next('error')).toMatchObject({ code: 'not_found' });
  }
  client.send({
    ...start,
    source: { type: 'file', path: 'clips/kitchen.mp4' },
    pacing: 'fast',
    max_frames: 2,
  });
  await client.next('source.ended');
});
