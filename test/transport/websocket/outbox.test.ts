import { once } from 'node:events';
import { expect, test } from 'vitest';
import { Outbox } from '../../../server/transport/websocket/outbox.js';
import { received, socketPair } from '../socket-pair.js';

const pong = (text: string) => ({ type: 'pong', client_event_id: text }) as const;

test('messages arrive as JSON texts, in the order in which they were sent', async () => {
  const { server, client } = await socketPair();
  const messages = received(client);
  const outbox = new Outbox(server);
  await Promise.all(['1', '2', '3'].map((text) => outbox.send(pong(text))));
  await expect.poll(() => messages).toEqual([pong('1'), pong('2'), pong('3')]);
});

test('while a client reads nothing its writers wait, and memory is bounded', async () => {
  const { server, client } = await socketPair();
  client.pause();
  const outbox = new Outbox(server);
  const large = pong('x'.repeat(64 * 1024));
  // How much the network itself buffers differs between machines.
  for (let sent = 0; sent < 1000 && !outbox.isCrowded; sent += 1) await outbox.send(large);
  expect(outbox.isCrowded).toBe(true);
  let hasWritten = false;
  const waiting = outbox.send(large).then(() => {
    hasWritten = true;
  });
  expect(server.bufferedAmount).toBeLessThan(256 * 1024 + 3 * 65 * 1024);
  await new Promise(setImmediate);
  expect(hasWritten).toBe(false);
  client.resume();
  await waiting;
  await expect.poll(() => outbox.isCrowded).toBe(false);
});

test('messages to a client that is gone are lost without an error', async () => {
  const { server, client } = await socketPair();
  client.terminate();
  await once(server, 'close');
  await new Outbox(server).send(pong('late'));
});
