import { expect, test } from 'vitest';
import { fakeFrames, FakeStream } from '../../support/fake-stream.js';
import { heldVideo } from '../held-video.js';
import { TestClient } from '../test-client.js';
import { startTestServer } from '../test-server.js';

const start = { type: 'source.start', source: { type: 'sample', name: 'any' }, pacing: 'fast' };

test('after a lost connection the session continues, and resuming replays missed events once', async () => {
  const { stream, release } = heldVideo();
  const server = await startTestServer({ stream: () => stream });
  const first = await TestClient.open(server.url);
  first.send(start);
  await first.next('frame.scored');
  first.socket.terminate();
  await first.closed;
  release();
  const second = await TestClient.connect(server.url);
  const after = first.seqs.at(-1) ?? 0;
  second.send({ type: 'session.resume', event_id: 'r', session_id: first.sessionId, after_seq: after });
  expect(await second.next('session.resumed')).toMatchObject({
    after_seq: after,
    client_event_id: 'r',
    model: 'fake',
  });
  await second.next('source.ended');
  expect([...first.seqs, ...second.seqs]).toEqual([1, 2, 3, 4, 5, 6]);
});

test('without after_seq resuming continues after the last acknowledged event', async () => {
  const server = await startTestServer({ stream: () => new FakeStream(fakeFrames([1, 2, 3])) });
  const first = await TestClient.open(server.url);
  first.send(start);
  await first.next('source.ended');
  first.send({ type: 'ack', seq: 4 });
  first.send({ type: 'ack', seq: 2 });
  first.send({ type: 'ping' });
  await first.next('pong');
  first.socket.terminate();
  const second = await TestClient.connect(server.url);
  second.send({ type: 'session.resume', session_id: first.sessionId });
  await second.next('source.ended');
  expect(second.seqs).toEqual([5, 6]);
});

test('a session resumed elsewhere closes its old connection with 4001', async () => {
  const server = await startTestServer();
  const first = await TestClient.open(server.url);
  const second = await TestClient.connect(server.url);
  second.send({ type: 'session.resume', session_id: first.sessionId, after_seq: 1 });
  await second.next('session.resumed');
  expect((await first.closed).code).toBe(4001);
  second.send({ type: 'session.update', settings: { cooldown: 1 } });
  expect((await second.next('session.updated')).seq).toBe(2);
  expect(first.seqs).toEqual([1]);
});

test.each([
  ['an unknown session', 'nobody', 0, 'not_found'],
  ['an event that has not happened', null, 99, 'invalid_request'],
])('resuming %s is refused and the connection survives', async (_what, id, after, code) => {
  const server = await startTestServer();
  const first = await TestClient.open(server.url);
  const second = await TestClient.connect(server.url);
  second.send({ type: 'session.resume', session_id: id ?? first.sessionId, after_seq: after });
  expect((await second.next('error')).code).toBe(code);
  second.send({ type: 'session.open' });
  await second.next('session.opened');
});

test('a session without its client is closed after the grace period, together with its source', async () => {
  const { stream } = heldVideo();
  const server = await startTestServer({ stream: () => stream, graceMs: 1 });
  const first = await TestClient.open(server.url);
  first.send(start);
  await first.next('frame.scored');
  first.socket.terminate();
  await expect.poll(() => stream.disposed).toBe(true);
  const second = await TestClient.connect(server.url);
  second.send({ type: 'session.resume', session_id: first.sessionId, after_seq: 0 });
  expect((await second.next('error')).code).toBe('not_found');
});

test('a session is kept no longer than the server allows, and ends with its client where that is 0', async () => {
  const server = await startTestServer({ graceMs: 60_000 });
  const first = await TestClient.open(server.url);
  first.send({ type: 'session.keep', seconds: 3601 });
  const { code, message } = await first.next('error');
  expect([code, message]).toEqual(['invalid_request', expect.stringContaining('3600 s')]);
  first.send({ type: 'session.keep', seconds: 0 });
  first.send({ type: 'ping' });
  await first.next('pong');
  first.socket.terminate();
  await expect
    .poll(async () => (await fetch(`${server.url}/v1/sessions/${first.sessionId}`)).status)
    .toBe(404);
});
