import { expect, test } from 'vitest';
import { fakePicture } from '../support/fake-model.js';
import { FakeStream } from '../support/fake-stream.js';
import { TestClient } from './test-client.js';
import { startTestServer } from './test-server.js';

const start = { type: 'source.start', source: { type: 'sample', name: 'any' }, pacing: 'fast' };

/** A video without end, as fast as it is read. */
function* endless(): Generator<{
  index: number;
  videoTime: number;
  picture: ReturnType<typeof fakePicture>;
}> {
  for (let index = 0; ; index += 1) yield { index, videoTime: index / 2, picture: fakePicture(10) };
}

test('a client that does not read is cut off once it is too far behind, and may resume', async () => {
  const server = await startTestServer({
    stream: () => new FakeStream(endless()),
    limits: { maxLag: 500, lagCheckMs: 5 },
  });
  const client = await TestClient.open(server.url);
  client.send(start);
  await client.next('source.opened');
  client.socket.pause();
  const second = await TestClient.connect(server.url);
  // The server gives the reader up while its socket is full, so what it had sent arrives only when reading goes on.
  await expect
    .poll(
      async () => {
        const response = await fetch(`${server.url}/v1/sessions/${client.sessionId}`);
        return ((await response.json()) as { video_time: number }).video_time;
      },
      { timeout: 30_000 },
    )
    .toBeGreaterThan(2000);
  client.socket.resume();
  expect([4000, 1006]).toContain((await client.closed).code);
  const after = client.seqs.at(-1) ?? 0;
  second.send({ type: 'session.resume', session_id: client.sessionId, after_seq: after });
  const next = await second.next('frame.scored');
  expect(next.seq).toBeGreaterThan(after);
  second.send({ type: 'session.close' });
  await second.closed;
});

test('a connection that opens no session in time is closed with 4003', async () => {
  const server = await startTestServer({ limits: { openWithinMs: 10 } });
  const client = await TestClient.connect(server.url);
  expect((await client.closed).code).toBe(4003);
});

test('a client that answers no pings is closed with 4002 and may resume', async () => {
  const server = await startTestServer({ limits: { heartbeatMs: 50 } });
  const client = await TestClient.connect(server.url, { autoPong: false });
  client.send({ type: 'session.open' });
  const { session_id } = await client.next('session.opened');
  expect((await client.closed).code).toBe(4002);
  const second = await TestClient.connect(server.url);
  second.send({ type: 'session.resume', session_id, after_seq: 0 });
  await second.next('session.opened');
});
