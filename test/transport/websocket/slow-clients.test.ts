import { setImmediate } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import type { VideoFrame } from '../../../server/video/frame.js';
import { modelByBrightness } from '../../support/duet-session.js';
import { plainPicture } from '../../../server/runtime/scripted/scripted-model.js';
import { FakeStream } from '../../support/fake-stream.js';
import { TestClient } from '../test-client.js';
import { startTestServer } from '../test-server.js';

/** An endless video, as fast as it is read. */
async function* endless(): AsyncGenerator<VideoFrame> {
  for (let index = 0; ; index += 1) {
    await setImmediate();
    yield { index, videoTime: index / 2, picture: plainPicture(10) };
  }
}

test('a client that does not read is cut off once it is too far behind, and may resume', async () => {
  // Long replies fill the operating system's buffers quickly.
  const model = modelByBrightness({ replies: ['x'.repeat(50_000)] });
  const log = vi.fn();
  const stream = (): FakeStream => new FakeStream(endless());
  const server = await startTestServer({ model, stream, log, limits: { maxLag: 50, stalledAfterMs: 250 } });
  const client = await TestClient.open(server.url, {
    policy: { type: 'threshold', threshold: 0 },
    cooldown: 0,
  });
  client.send({ type: 'source.start', source: { type: 'sample', name: 'any' }, pacing: 'fast' });
  await client.next('source.opened');
  client.socket.pause();
  await expect
    .poll(() => log.mock.calls, { timeout: 30_000 })
    .toContainEqual(['A client does not read its events and was cut off']);
  client.socket.resume();
  // Whether the close frame still gets through depends on how soon the client reads again.
  expect([4000, 1006]).toContain((await client.closed).code);
  const after = client.seqs.at(-1) ?? 0;
  const second = await TestClient.connect(server.url);
  second.send({ type: 'session.resume', session_id: client.sessionId, after_seq: after });
  expect((await second.next('frame.scored')).seq).toBeGreaterThan(after);
  second.send({ type: 'session.close' });
  await second.next('session.closed');
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
