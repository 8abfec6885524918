import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { createServer } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { knowsProtocol } from '../../support/live-senders.js';
import { selfSigned } from '../../support/self-signed.js';
import { waitUntil } from '../../support/wait-until.js';
import { pushing, pushInVain, startIngestServer } from './test-ingest.js';

const ingest = { type: 'source.start', source: { type: 'ingest', protocol: 'rtmp' } };
const needsRtmp = test.skipIf(!knowsProtocol('rtmp'));

needsRtmp(
  'what a sender pushes is watched; it may drop and come back with its key',
  async () => {
    const client = await (await startIngestServer()).connect();
    client.send({ ...ingest, event_id: 'e' });
    const waiting = await client.next('source.waiting');
    expect(waiting).toMatchObject({ client_event_id: 'e', expires_in_ms: 600_000 });
    {
      await using sender = pushing(waiting);
      const { info } = await client.next('source.opened');
      expect(sender.isRunning).toBe(true);
      expect(info).toMatchObject({ live: true, codec: 'h264', width: 128, height: 96 });
      await client.next('frame.scored');
    }
    expect(await client.next('source.reconnecting')).toMatchObject({ attempt: 1 });
    await using sender = pushing(waiting);
    expect((await client.next('source.reopened')).gap_seconds).toBeGreaterThan(0.2);
    expect(sender.isRunning).toBe(true);
    await client.next('frame.scored');
    client.send({ type: 'source.stop' });
    await client.next('source.ended');
    expect(await pushInVain(waiting)).toMatchObject({ status: 1 });
  },
  60_000,
);

test.skipIf(!knowsProtocol('rtmps'))(
  'a sender may push by RTMPS to a proxy that takes the encryption off',
  async () => {
    const { port, connect: join } = await startIngestServer();
    const proxy = createServer(selfSigned(), (socket) => {
      const inner = connect(port, '127.0.0.1');
      for (const one of [socket, inner]) one.on('error', () => undefined);
      socket.pipe(inner).pipe(socket);
    }).listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    onTestFinished(() => void proxy.close());
    const client = await join();
    client.send(ingest);
    const { url, key } = await client.next('source.waiting');
    const { port: secure } = proxy.address() as AddressInfo;
    await using sender = pushing({ url: url.replace(/^rtmp:\/\/[^/]+/, `rtmps://127.0.0.1:${secure}`), key });
    expect((await client.next('source.opened')).info).toMatchObject({ live: true, codec: 'h264' });
    expect(sender.isRunning).toBe(true);
    await client.next('frame.scored');
  },
  60_000,
);

needsRtmp(
  'a sender that says that this was its end ends the source',
  async () => {
    const client = await (await startIngestServer()).connect();
    client.send(ingest);
    await using sender = pushing(await client.next('source.waiting'), 3);
    await client.next('source.opened');
    expect(sender.isRunning).toBe(true);
    expect(await client.next('source.ended')).toMatchObject({ reason: 'finished' });
  },
  60_000,
);

needsRtmp(
  'refused are an unknown key, another application, and a second push with the same key',
  async () => {
    const server = await startIngestServer();
    const client = await server.connect();
    client.send(ingest);
    const { url, key } = await client.next('source.waiting');
    expect((await pushInVain({ url, key: 'guess' })).stderr).toContain('This key is not expected here');
    expect((await pushInVain({ url: url.replace('/live', '/other'), key })).status).toBe(1);
    await using sender = pushing({ url, key });
    await client.next('source.opened');
    expect(sender.isRunning).toBe(true);
    expect((await pushInVain({ url, key })).status).toBe(1);
    // The first one goes on.
    await client.next('frame.scored');
    expect(server.lines.join('\n')).toMatch(/a key that is not expected.*another app.*sender that is conn/s);
    expect(server.lines.join('\n')).not.toContain(key);
  },
  60_000,
);

test('a key that is not used in time is void, and the source fails', async () => {
  const server = await startIngestServer({ limits: { firstMs: 300, returnMs: 300 } });
  const client = await server.connect();
  client.send({ ...ingest, event_id: 'e' });
  await client.next('source.waiting');
  expect(await client.next('error')).toMatchObject({ code: 'source_failed', client_event_id: 'e' });
  client.send(ingest);
  await client.next('source.waiting');
});

needsRtmp(
  'a sender that does not come back in time fails the source',
  async () => {
    const server = await startIngestServer({ limits: { firstMs: 60_000, returnMs: 1000 } });
    const client = await server.connect();
    client.send(ingest);
    {
      await using sender = pushing(await client.next('source.waiting'));
      await client.next('source.opened');
      expect(sender.isRunning).toBe(true);
    }
    const { message, retryable } = await client.next('source.failed');
    expect(message).toContain('No sender came within 1 seconds');
    expect(retryable).toBe(true);
  },
  60_000,
);

test('source.stop ends the waiting; only so many senders are expected at once', async () => {
  const server = await startIngestServer({ maxSenders: 1 });
  const first = await server.connect();
  const second = await server.connect();
  first.send(ingest);
  await first.next('source.waiting');
  second.send(ingest);
  expect(await second.next('error')).toMatchObject({ code: 'busy', retryable: true });
  first.send({ type: 'source.stop' });
  await first.next('error');
  second.send(ingest);
  await second.next('source.waiting');
});

test('a server without a listener says how to start one', async () => {
  const client = await (await startIngestServer({ rtmp: 'off' })).connect();
  client.send(ingest);
  const { code, message } = await client.next('error');
  expect({ code, message }).toEqual({
    code: 'unsupported',
    message: 'This server takes no streams pushed by RTMP: start it with --ingest-rtmp 127.0.0.1:1935',
  });
});

test.each([
  ['random bytes', randomBytes(5000)],
  ['a request of http', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
  ['random chunks', Buffer.concat([Buffer.from([3]), Buffer.alloc(3072), randomBytes(5000)])],
  ['more than belongs before a key', Buffer.concat([Buffer.from([3]), Buffer.alloc(200_000)])],
])('%s end their connection and nothing else', async (_, bytes) => {
  const { port, connect: join } = await startIngestServer({ keyWithinMs: 500 });
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  const closed = once(socket, 'close');
  socket.write(bytes);
  socket.resume();
  await closed;
  const client = await join();
  client.send(ingest);
  await client.next('source.waiting');
});

test('who shows no key in time is disconnected, and only so many may try at once', async () => {
  const { port } = await startIngestServer({ keyWithinMs: 1000 });
  const sockets = Array.from({ length: 40 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
  const closed = new Set<unknown>();
  for (const socket of sockets) socket.resume().once('close', () => closed.add(socket));
  await waitUntil(() => closed.size >= 8);
  await wait(100);
  expect(closed.size).toBe(8);
  await waitUntil(() => closed.size === 40);
});
