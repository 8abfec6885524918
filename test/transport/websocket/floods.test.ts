import { expect, test, vi } from 'vitest';
import { modelByBrightness } from '../../support/duet-session.js';
import { TestClient } from '../test-client.js';
import { startTestServer } from '../test-server.js';

const plenty = { burst: 1e9, perSecond: 1e9 };
const tight = {
  rates: { messages: { burst: 20, perSecond: 40 }, textBytes: plenty, pictureBytes: plenty, patienceMs: 300 },
};

test.each([
  [
    'messages',
    (client: TestClient) => {
      client.send({ type: 'ping' });
    },
  ],
  [
    'bad messages',
    (client: TestClient) => {
      client.send('x');
    },
  ],
  [
    'pictures',
    (client: TestClient) => {
      client.socket.send(Buffer.alloc(20));
    },
  ],
  [
    'pings',
    (client: TestClient) => {
      client.socket.ping();
    },
  ],
  [
    'pongs',
    (client: TestClient) => {
      client.socket.pong();
    },
  ],
])('a client that goes on sending %s too fast is closed with 4004 and may resume', async (_what, send) => {
  const log = vi.fn();
  const server = await startTestServer({ limits: { ...tight, faults: plenty }, log });
  const client = await TestClient.open(server.url);
  for (let count = 0; count < 1000; count += 1) send(client);
  expect(await client.closed).toEqual({
    code: 4004,
    reason: 'Too many messages or bytes: send less, then resume',
  });
  expect(log.mock.calls).toEqual([['A client sent more than it may and was cut off']]);
  const second = await TestClient.connect(server.url);
  second.send({ type: 'session.resume', session_id: client.sessionId });
  await second.next('session.resumed');
});

test('a burst beyond the budget is read later, in order, and the connection survives', async () => {
  const limits = { rates: { ...tight.rates, patienceMs: 60_000 } };
  const client = await TestClient.connect((await startTestServer({ limits })).url);
  const ids = Array.from({ length: 60 }, (_, index) => String(index));
  const start = performance.now();
  for (const event_id of ids) client.send({ type: 'ping', event_id });
  for (const event_id of ids) expect(await client.next('pong')).toMatchObject({ client_event_id: event_id });
  expect(performance.now() - start).toBeGreaterThan(900);
});

test('messages after the one that closes a connection are ignored', async () => {
  const model = modelByBrightness();
  const server = await startTestServer({ model, limits: { faults: { burst: 3, perSecond: 1 } } });
  const client = await TestClient.connect(server.url);
  for (let count = 0; count < 4; count += 1) client.send('nonsense');
  client.send({ type: 'session.open' });
  expect((await client.closed).code).toBe(1008);
  expect(model.contexts).toEqual([]);
});

test('messages sent just before a client disconnects are still handled', async () => {
  const server = await startTestServer({ maxSessions: 1 });
  const client = await TestClient.open(server.url);
  client.send({ type: 'session.update', settings: { cooldown: 1 } });
  client.send({ type: 'session.close' });
  client.socket.close();
  await client.closed;
  await expect
    .poll(async () => (await fetch(`${server.url}/v1/sessions/${client.sessionId}`)).status)
    .toBe(404);
  await TestClient.open(server.url);
});

test('bad messages are forgiven with time', async () => {
  let now = 0;
  const limits = { faults: { burst: 3, perSecond: 1 } };
  const client = await TestClient.connect((await startTestServer({ limits, now: () => now })).url);
  for (let round = 0; round < 5; round += 1) {
    for (let count = 0; count < 3; count += 1) {
      client.send('nonsense');
      await client.next('error');
    }
    now += 3000;
  }
  for (let count = 0; count < 4; count += 1) client.send('nonsense');
  expect((await client.closed).code).toBe(1008);
});

test('a message in more than a thousand fragments closes the connection', async () => {
  const log = vi.fn();
  const client = await TestClient.connect((await startTestServer({ log })).url);
  for (let count = 0; count < 1200; count += 1) client.socket.send('x', { fin: false });
  expect((await client.closed).code).toBe(1008);
  expect(log).toHaveBeenCalledTimes(1);
});

test('a client that sends but answers no pings is alive', async () => {
  const server = await startTestServer({ limits: { heartbeatMs: 100 } });
  const client = await TestClient.connect(server.url, { autoPong: false });
  for (let count = 0; count < 12; count += 1) {
    client.send({ type: 'ping' });
    await client.next('pong');
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
});
