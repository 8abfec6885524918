import { expect, test } from 'vitest';
import { fakeFrames, FakeStream } from '../../support/fake-stream.js';
import { heldVideo } from '../held-video.js';
import { TestClient } from '../test-client.js';
import { startTestServer } from '../test-server.js';

const shortVideo = (): FakeStream => new FakeStream(fakeFrames([10, 80, 20]));

test('a client opens a session, starts a source and gets scores, a reply and the end in order', async () => {
  const server = await startTestServer({ stream: shortVideo });
  const client = await TestClient.open(server.url, { policy: { type: 'threshold', threshold: 0.5 } });
  client.send({ type: 'source.start', source: { type: 'sample', name: 'any' }, pacing: 'fast' });
  const ended = await client.next('source.ended');
  expect(ended).toMatchObject({ frames: 3, reason: 'finished' });
  expect(client.received.map((message) => message.type)).toEqual([
    'session.opened',
    'source.opened',
    'frame.scored',
    'frame.scored',
    'response.started',
    'response.text.delta',
    'response.done',
    'frame.scored',
    'source.ended',
  ]);
  expect(client.seqs).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test('the settings after opening and updating are returned in full', async () => {
  const server = await startTestServer();
  const client = await TestClient.connect(server.url);
  client.send({ type: 'session.open', settings: { fps: 4, cooldown: 3, max_reply_tokens: 7 } });
  expect((await client.next('session.opened')).settings).toMatchObject({
    fps: 4,
    cooldown: 3,
    max_reply_tokens: 7,
    assistant_turns: 'remove',
  });
  client.send({ type: 'session.update', event_id: 'u1', settings: { policy: { type: 'never' } } });
  expect(await client.next('session.updated')).toMatchObject({
    client_event_id: 'u1',
    settings: { policy: { type: 'never' }, cooldown: 3 },
  });
});

test('a user text reaches the conversation unchanged and names the message that brought it', async () => {
  const server = await startTestServer({ stream: shortVideo });
  const client = await TestClient.open(server.url);
  const text = 'snake_case camelCase "quoted" \u0000 \ud83d\ude00 {"video_time": 1}';
  client.send({ type: 'user.text', event_id: 'q_1', text });
  client.send({ type: 'source.start', source: { type: 'sample', name: 'any' } });
  expect(await client.next('user.text.inserted')).toMatchObject({ text, client_event_id: 'q_1' });
});

test('session.close ends the session and closes the connection with 1000', async () => {
  const server = await startTestServer();
  const client = await TestClient.open(server.url);
  client.send({ type: 'session.close' });
  expect(await client.next('session.closed')).toMatchObject({ reason: 'client_request' });
  expect((await client.closed).code).toBe(1000);
});

test('a ping is answered with its event id', async () => {
  const client = await TestClient.connect((await startTestServer()).url);
  client.send({ type: 'ping', event_id: 'p7' });
  expect(await client.next('pong')).toEqual({ type: 'pong', client_event_id: 'p7' });
});

test.each([
  ['source.start', { source: { type: 'sample', name: 'any' } }],
  ['source.stop', {}],
  ['user.text', { text: 'hello' }],
  ['session.update', { settings: {} }],
  ['response.cancel', {}],
  ['ack', { seq: 1 }],
  ['session.close', {}],
])('%s before session.open is refused and the connection survives', async (type, fields) => {
  const client = await TestClient.connect((await startTestServer()).url);
  client.send({ type, event_id: 'e', ...fields });
  expect(await client.next('error')).toMatchObject({ code: 'invalid_request', client_event_id: 'e' });
  client.send({ type: 'session.open' });
  await client.next('session.opened');
});

test('a second session.open on one connection is refused and the first session goes on', async () => {
  const client = await TestClient.open((await startTestServer()).url);
  client.send({ type: 'session.open', event_id: 'again' });
  expect(await client.next('error')).toMatchObject({ code: 'invalid_request', client_event_id: 'again' });
  client.send({ type: 'session.update', settings: { cooldown: 1 } });
  await client.next('session.updated');
});

test('a second source is refused while one is watched, and allowed after it has ended', async () => {
  const { stream, release } = heldVideo();
  const streams = [stream, shortVideo()];
  const server = await startTestServer({ stream: () => streams.shift() ?? shortVideo() });
  const client = await TestClient.open(server.url);
  const start = { type: 'source.start', source: { type: 'sample', name: 'any' } };
  client.send(start);
  await client.next('frame.scored');
  client.send(start);
  expect(await client.next('error')).toMatchObject({ code: 'invalid_request' });
  release();
  await client.next('source.ended');
  client.send(start);
  await client.next('source.opened');
});

test('a source is stopped, and its stream disposed of, on source.stop', async () => {
  const { stream } = heldVideo();
  const server = await startTestServer({ stream: () => stream });
  const client = await TestClient.open(server.url);
  client.send({ type: 'source.start', source: { type: 'sample', name: 'any' } });
  await client.next('frame.scored');
  client.send({ type: 'source.pause' });
  client.send({ type: 'source.resume' });
  client.send({ type: 'source.stop' });
  expect(await client.next('source.ended')).toMatchObject({ reason: 'stopped', frames: 1 });
  expect(stream.disposed).toBe(true);
});

test('a source that cannot be opened is an error that names the message', async () => {
  const client = await TestClient.open((await startTestServer()).url);
  client.send({ type: 'source.start', event_id: 's', source: { type: 'file', path: '/etc/passwd' } });
  expect(await client.next('error')).toMatchObject({ code: 'not_found', client_event_id: 's' });
});

test('an unknown model or task is refused, listing the known ones', async () => {
  const client = await TestClient.connect((await startTestServer()).url);
  client.send({ type: 'session.open', model: 'gpt' });
  expect((await client.next('error')).message).toContain('ask for fake');
  client.send({ type: 'session.open', task: 'chess' });
  expect((await client.next('error')).message).toContain('it knows: default');
});

test("a session beyond the server's limit is refused with 1013", async () => {
  const server = await startTestServer({ maxSessions: 1 });
  await TestClient.open(server.url);
  const second = await TestClient.connect(server.url);
  second.send({ type: 'session.open' });
  expect(await second.next('error')).toMatchObject({ code: 'busy', retryable: true });
  expect((await second.closed).code).toBe(1013);
});

test('closing the server closes every session with 1001', async () => {
  const { stream } = heldVideo();
  const server = await startTestServer({ stream: () => stream });
  const watching = await TestClient.open(server.url);
  const idle = await TestClient.connect(server.url);
  watching.send({ type: 'source.start', source: { type: 'sample', name: 'any' } });
  await watching.next('frame.scored');
  await server.close();
  expect((await watching.closed).code).toBe(1001);
  expect((await idle.closed).code).toBe(1001);
  expect(stream.disposed).toBe(true);
});
