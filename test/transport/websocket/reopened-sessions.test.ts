import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RecordStore } from '../../../server/records/record-store.js';
import { openStore } from '../../records/recorded-session.js';
import { modelByBrightness } from '../../support/duet-session.js';
import { fakeFrames, FakeStream } from '../../support/fake-stream.js';
import { heldVideo } from '../held-video.js';
import { TestClient } from '../test-client.js';
import { startTestServer, temporaryFolder, type TestServerOptions } from '../test-server.js';

const start = { type: 'source.start', source: { type: 'sample', name: 'any' }, pacing: 'fast' };

/** The store of a server that finds on disk what another one has written so far, as after its death. */
async function storeAfterDeathOf(records: RecordStore): Promise<RecordStore> {
  const folder = join(await temporaryFolder(), 'records');
  await cp(records.folder, folder, { recursive: true, filter: (path) => !/server-[0-9a-f]+$/.test(path) });
  return openStore(folder);
}

async function recordingServer(options: TestServerOptions = {}) {
  const records = options.records ?? (await openStore(await temporaryFolder()));
  const server = await startTestServer({ ...options, records });
  return { records, url: server.url, server };
}

test('a session whose server died goes on: nothing twice, numbers rise, and what was lost is said', async () => {
  const { stream } = heldVideo();
  const first = await recordingServer({ stream: () => stream });
  const client = await TestClient.open(first.url, { cooldown: 3 });
  client.send({ type: 'user.text', text: 'What is it?' });
  client.send(start);
  await client.next('frame.scored');
  const records = await storeAfterDeathOf(first.records);

  const model = modelByBrightness();
  const second = await recordingServer({
    records,
    model,
    stream: () => new FakeStream(fakeFrames([30, 40, 90])),
  });
  const after = client.seqs.at(-1) ?? 0;
  const back = await TestClient.connect(second.url);
  back.send({ type: 'session.resume', session_id: client.sessionId, after_seq: after - 1 });
  expect(await back.next('session.resumed')).toMatchObject({ settings: { cooldown: 3 } });
  await back.next('source.ended');
  expect(back.received.slice(1, 6)).toMatchObject([
    { type: 'frame.scored', seq: after },
    { type: 'source.failed', seq: after + 1, retryable: true },
    {
      ...{ type: 'session.reopened', seq: after + 2, ended_by: null, kept_texts: 1, lost_events: 0 },
      ...{ source: 'sample:any', model: 'fake' },
    },
    { type: 'source.opened', seq: after + 3 },
    { type: 'frame.scored', video_time: 0 },
  ]);
  const seqs = [...client.seqs, ...back.seqs.slice(1)];
  expect(seqs).toEqual(seqs.map((_, index) => index + 1));
  expect(model.heard.filter(({ type }) => type === 'user')).toMatchObject([{ text: 'What is it?' }]);
  const elapsed = back.received.flatMap((message) => ('elapsed_ms' in message ? [message.elapsed_ms] : []));
  expect(elapsed).toEqual([...elapsed].sort((one, other) => one - other));
});

test('a reply that was being written ends as failed, and the next has a number of its own', async () => {
  let go: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (go = resolve));
  const slow = modelByBrightness({
    replies: async function* () {
      yield 'A dog ';
      await held;
    },
  });
  const first = await recordingServer({ model: slow, stream: () => new FakeStream(fakeFrames([90])) });
  const client = await TestClient.open(first.url);
  client.send(start);
  await client.next('response.text.delta');
  const records = await storeAfterDeathOf(first.records);
  go();
  const second = await recordingServer({ records, stream: () => new FakeStream(fakeFrames([90])) });
  const back = await TestClient.connect(second.url);
  back.send({ type: 'session.resume', session_id: client.sessionId, after_seq: client.seqs.at(-1) });
  expect(await back.next('response.done')).toMatchObject({
    ...{ response_id: 'response_1', status: 'failed', text: 'A dog ', kept: false },
  });
  expect(await back.next('response.started')).toMatchObject({ response_id: 'response_2' });
});

test('acknowledgements outlive the server', async () => {
  const first = await recordingServer({ stream: () => new FakeStream(fakeFrames([1, 2, 3])) });
  const client = await TestClient.open(first.url);
  client.send(start);
  await client.next('source.ended');
  client.send({ type: 'ack', seq: 4 });
  await expect.poll(() => first.records.opened(client.sessionId)?.notes.acknowledged).toBe(4);
  client.send({ type: 'session.update', settings: {} });
  await client.next('session.updated');
  const second = await recordingServer({ records: await storeAfterDeathOf(first.records) });
  const back = await TestClient.connect(second.url);
  back.send({ type: 'session.resume', session_id: client.sessionId });
  await back.next('session.reopened');
  expect(back.seqs.slice(0, 3)).toEqual([5, 6, 7]);
});

test('events that a client has seen and a machine has lost are counted, and their numbers not used again', async () => {
  const first = await recordingServer();
  const client = await TestClient.open(first.url);
  const second = await recordingServer({ records: await storeAfterDeathOf(first.records) });
  const back = await TestClient.connect(second.url);
  back.send({ type: 'session.resume', session_id: client.sessionId, after_seq: 9 });
  expect(await back.next('session.reopened')).toMatchObject({ seq: 10, lost_events: 8 });
  const unbelievable = await TestClient.connect(second.url);
  const third = await recordingServer({ records: await storeAfterDeathOf(first.records) });
  const other = await TestClient.connect(third.url);
  other.send({ type: 'session.resume', session_id: client.sessionId, after_seq: 1e15 });
  expect(await other.next('error')).toMatchObject({ code: 'invalid_request' });
  unbelievable.socket.terminate();
});

test('an orderly stop records why, and the session goes on with its source', async () => {
  const { stream } = heldVideo();
  const folder = await temporaryFolder();
  const first = await recordingServer({ records: await openStore(folder), stream: () => stream });
  const client = await TestClient.open(first.url);
  client.send(start);
  await client.next('frame.scored');
  await first.server.close();
  expect(client.received.at(-1)).toMatchObject({ type: 'session.closed', reason: 'server_shutdown' });
  const second = await recordingServer({
    records: await openStore(folder),
    stream: () => new FakeStream(fakeFrames([1])),
  });
  const back = await TestClient.connect(second.url);
  back.send({ type: 'session.resume', session_id: client.sessionId, after_seq: client.seqs.at(-1) });
  expect(await back.next('session.reopened')).toMatchObject({
    ...{ ended_by: 'server_shutdown', source: 'sample:any' },
  });
  await back.next('source.ended');
});

test('a server that dies again before the next frame goes on where the video stopped', async () => {
  const first = await recordingServer({ stream: () => heldVideo(3).stream });
  const client = await TestClient.open(first.url);
  client.send(start);
  while ((await client.next('frame.scored')).video_time < 1);
  let records = await storeAfterDeathOf(first.records);
  for (let death = 0; death < 2; death += 1) {
    const next = await recordingServer({ records, stream: () => heldVideo(0).stream });
    const back = await TestClient.connect(next.url);
    back.send({ type: 'session.resume', session_id: client.sessionId, after_seq: client.seqs.at(-1) });
    expect(await back.next('session.reopened')).toMatchObject({ video_time: 1 });
    expect((await back.next('source.opened')).video_time).toBeCloseTo(1, 2);
    records = await storeAfterDeathOf(next.records);
  }
});

test('a session that its client has closed cannot go on, and forgets its source', async () => {
  const { stream } = heldVideo();
  const { url, records } = await recordingServer({ stream: () => stream });
  const client = await TestClient.open(url);
  client.send(start);
  await client.next('frame.scored');
  await expect.poll(() => records.rememberedSource(client.sessionId)).toMatchObject({ name: 'sample:any' });
  client.send({ type: 'session.close' });
  await client.closed;
  const back = await TestClient.connect(url);
  back.send({ type: 'session.resume', session_id: client.sessionId });
  expect(await back.next('error')).toMatchObject({
    code: 'invalid_request',
    message: expect.stringContaining('closed by its client') as string,
  });
  await expect.poll(() => records.rememberedSource(client.sessionId)).toBeNull();
});

test('two connections that resume at once share one session', async () => {
  const first = await recordingServer();
  const client = await TestClient.open(first.url);
  const second = await recordingServer({ records: await storeAfterDeathOf(first.records) });
  const both = [await TestClient.connect(second.url), await TestClient.connect(second.url)];
  for (const each of both) each.send({ type: 'session.resume', session_id: client.sessionId, after_seq: 1 });
  const outcomes = await Promise.all(
    both.map((each) => Promise.race([each.next('session.reopened').catch(() => null), each.closed])),
  );
  expect(outcomes.some((outcome) => outcome !== null && 'seq' in outcome)).toBe(true);
  const lines = await (await fetch(`${second.url}/v1/sessions/${client.sessionId}/events`)).text();
  expect(lines.match(/session\.reopened/g)).toHaveLength(1);
});

test('a session of another owner is not there to resume, as long as it is only on disk', async () => {
  const folder = await temporaryFolder();
  const records = await openStore(folder);
  const authenticate = ({ headers }: { headers: Record<string, unknown> }): string =>
    typeof headers['x-user'] === 'string' ? headers['x-user'] : 'nobody';
  const access = { allowOrigins: [], allowHosts: [], authenticate };
  const { url, server } = await recordingServer({ records, access });
  const ann = await TestClient.connect(url, { headers: { 'x-user': 'ann' } });
  ann.send({ type: 'session.open' });
  const { session_id } = await ann.next('session.opened');
  await server.close();
  const second = await recordingServer({ records: await openStore(folder), access });
  const bob = await TestClient.connect(second.url, { headers: { 'x-user': 'bob' } });
  bob.send({ type: 'session.resume', session_id });
  expect((await bob.next('error')).code).toBe('not_found');
  const list = async (user: string) => {
    const response = await fetch(`${second.url}/v1/sessions`, { headers: { 'x-user': user } });
    return ((await response.json()) as { data: object[] }).data.length;
  };
  expect([await list('ann'), await list('bob')]).toEqual([1, 0]);
  const read = await fetch(`${second.url}/v1/sessions/${session_id}`, { headers: { 'x-user': 'bob' } });
  expect(read.status).toBe(404);
});
