import { expect, test, vi } from 'vitest';
import { fakeFrames, FakeStream } from '../../support/fake-stream.js';
import { heldVideo } from '../held-video.js';
import { TestClient } from '../test-client.js';
import { startTestServer } from '../test-server.js';

const start = { type: 'source.start', source: { type: 'sample', name: 'any' }, pacing: 'fast' };

/** Short, so that idle sessions are checked often; idle time is measured by a clock that the test moves. */
const idleMs = 100;

async function startServer(
  options: Parameters<typeof startTestServer>[0] = {},
): Promise<{ url: string; clock: { now: number } }> {
  const clock = { now: 0 };
  const { url } = await startTestServer({ limits: { idleMs }, now: () => clock.now, ...options });
  return { url, clock };
}

/** Resolves after a check for idle sessions: an idle one has been closed. */
async function afterSweep(url: string, clock: { now: number }): Promise<void> {
  const idle = await TestClient.open(url);
  clock.now += idleMs + 1;
  await idle.closed;
}

test('a session without anything watched or said is closed as idle and makes room', async () => {
  const { url, clock } = await startServer({ maxSessions: 1 });
  const client = await TestClient.open(url);
  clock.now = 99;
  client.send({ type: 'session.update', settings: { cooldown: 1 } });
  await client.next('session.updated');
  clock.now = 101;
  expect(await client.next('session.closed')).toMatchObject({ reason: 'idle' });
  expect((await client.closed).code).toBe(4003);
  await TestClient.open(url);
});

test('a text, like a source that plays, keeps the session', async () => {
  const { stream } = heldVideo();
  const { url, clock } = await startServer({ stream: () => stream });
  const client = await TestClient.open(url);
  clock.now = 99;
  client.send({ type: 'user.text', text: 'Are you there?' });
  client.send({ type: 'ping' });
  await client.next('pong');
  clock.now = 198;
  client.send(start);
  await client.next('frame.scored');
  await afterSweep(url, clock);
  client.send({ type: 'source.stop' });
  await client.next('source.ended');
});

test.each([
  ['a source that is paused', [{ type: 'source.pause' }]],
  ['a source that has been stopped', [{ type: 'source.stop' }]],
])('%s does not keep the session', async (_what, messages) => {
  const { stream } = heldVideo();
  const { url, clock } = await startServer({ stream: () => stream });
  const client = await TestClient.open(url);
  client.send(start);
  await client.next('frame.scored');
  for (const message of messages) client.send(message);
  client.send({ type: 'ping' });
  await client.next('pong');
  clock.now = 101;
  expect(await client.next('session.closed')).toMatchObject({ reason: 'idle' });
  expect((await client.closed).code).toBe(4003);
});

test('a source that waits for pictures does not keep the session open; each picture does', async () => {
  const push = vi.fn(() => Promise.resolve());
  const { stream } = heldVideo();
  const openSource = () => Promise.resolve({ stream, name: 'pictures', realtime: true, push });
  const { url, clock } = await startServer({ openSource });
  const client = await TestClient.open(url);
  client.send({ type: 'source.start', source: { type: 'pictures' } });
  await client.next('frame.scored');
  for (clock.now = 0; clock.now < 500; clock.now += 90) {
    client.socket.send(Buffer.alloc(20));
    client.send({ type: 'ping' });
    await client.next('pong');
  }
  clock.now += 101;
  expect(await client.next('session.closed')).toMatchObject({ reason: 'idle' });
});

test('a full server says so at /readyz, and when to ask again', async () => {
  const stream = (): FakeStream => new FakeStream(fakeFrames([10]));
  const { url } = await startTestServer({ maxSessions: 2, graceMs: 4000, stream });
  const ready = async (): Promise<unknown> => {
    const response = await fetch(`${url}/readyz`);
    return [response.status, response.headers.get('retry-after'), await response.json()];
  };
  const first = await TestClient.open(url);
  expect(await ready()).toEqual([
    200,
    null,
    { status: 'ready', sessions: 1, max_sessions: 2, realtime_sources: 0 },
  ]);
  await TestClient.open(url);
  const full = { status: 'full', sessions: 2, max_sessions: 2, realtime_sources: 0 };
  expect(await ready()).toEqual([503, '10', { ...full, retry_after_ms: 10_000 }]);
  first.socket.close();
  await first.closed;
  await expect.poll(ready).toEqual([503, '4', { ...full, retry_after_ms: expect.any(Number) as number }]);
  const third = await TestClient.connect(url);
  third.send({ type: 'session.open' });
  const busy = await third.next('error');
  expect(busy).toMatchObject({ code: 'busy', retryable: true });
  expect(busy.retry_after_ms).toBeGreaterThanOrEqual(1000);
  expect(busy.retry_after_ms).toBeLessThanOrEqual(4000);
  expect((await third.closed).code).toBe(1013);
});
