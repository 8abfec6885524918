import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadConfig } from '../../server/config.js';
import { startServer, type DuetServer } from '../../server/main.js';
import { packageFolder } from '../../server/package-folder.js';
import { TestClient } from '../transport/test-client.js';
import { LoopedCamera } from './looped-camera.js';
import { watchSession } from './watch-session.js';

// The short form of many-sessions.ts: what is shared, what goes first and what is refused, not how long it
// takes.

let server: DuetServer;

beforeAll(async () => {
  const config = await loadConfig({
    flags: { model: ['duet-nano'], port: '0', workers: '2', maxSessions: '64' },
  });
  server = await startServer(config, () => undefined, new AbortController().signal);
});

afterAll(async () => {
  await server.close();
});

const street = { type: 'sample', name: 'street' };

async function metric(name: string): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  return Number(text.split(`\nduet_${name} `)[1]?.split('\n')[0] ?? 0);
}

const encoded = () => metric('pictures_encoded_total{model="duet-nano"}');

async function start(message: object): Promise<TestClient> {
  const client = await TestClient.open(server.url);
  client.send({ type: 'source.start', ...message });
  return client;
}

async function scored(client: TestClient, frames: number): Promise<number> {
  for (let frame = 0; frame < frames; frame++) await client.next('frame.scored');
  return frames;
}

test('sessions on one live stream decode it once, and each worker encodes its pictures once', async () => {
  await using camera = await LoopedCamera.of(join(packageFolder, 'samples/clips/street.mp4'));
  const source = { type: 'url', url: camera.address('street') };
  const clients = await Promise.all(Array.from({ length: 6 }, () => TestClient.open(server.url)));
  const before = await encoded();
  for (const client of clients) client.send({ type: 'source.start', source });
  for (const client of clients) await client.next('source.opened');
  await Promise.all(clients.map((client) => scored(client, 8)));
  expect(camera.pages.asked).toHaveLength(1);
  const frames = clients.map(({ received }) => received.filter(({ type }) => type === 'frame.scored').length);
  const total = frames.reduce((sum, count) => sum + count, 0);
  // Two workers, and the frames that came before the others had joined.
  expect((await encoded()) - before).toBeLessThan(total / 2);
  for (const client of clients.slice(1)) client.send({ type: 'source.stop' });
  await scored(clients[0] ?? expect.fail('no client'), 2);
  expect(camera.senders).toBe(1);
  clients[0]?.send({ type: 'source.stop' });
  await expect.poll(() => camera.senders).toBe(0);
});

test('a session that runs fast gets on beside others in real time, which lose no frame', async () => {
  const watching = Array.from({ length: 3 }, () =>
    start({ source: street, pacing: 'realtime', max_frames: 12 }),
  );
  const fast = await watchSession(server.url, { source: street, pacing: 'fast' }, 50);
  expect(fast.scored.length).toBeGreaterThan(60);
  for (const client of await Promise.all(watching)) {
    expect(await client.next('source.ended')).toMatchObject({ frames: 12, dropped_frames: 0 });
  }
});

test('of sources that each take much of a worker only the first few are admitted, and the others told why', async () => {
  const heavy = { source: street, pacing: 'realtime', fps: 60 };
  const clients: TestClient[] = [];
  let refused: TestClient | null = null;
  while (refused === null && clients.length < 40) {
    const client = await start({ ...heavy, event_id: 'heavy' });
    await expect
      .poll(() => client.received.some(({ type }) => /^(source.opened|error)$/.test(type)))
      .toBe(true);
    if (client.received.some(({ type }) => type === 'error')) refused = client;
    else clients.push(client);
  }
  const error = await refused?.next('error');
  expect(error).toMatchObject({ code: 'busy', client_event_id: 'heavy', retry_after_ms: 10_000 });
  expect(error?.message).toMatch(/^This source would make others late: the server watches \d+ source/);
  expect(clients.length).toBeGreaterThan(0);
  expect(await metric('sources_realtime')).toBe(clients.length);
  for (const client of clients) client.socket.close();
  // The refused session goes on, and fast as it pleases.
  refused?.send({ type: 'source.start', source: street, pacing: 'fast', max_frames: 4 });
  expect(await refused?.next('source.ended')).toMatchObject({ frames: 4 });
});
