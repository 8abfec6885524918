import { once } from 'node:events';
import { expect, test, vi } from 'vitest';
import { closings } from '../../../server/protocol/close-codes.js';
import { closeSocket, keepHeartbeat } from '../../../server/transport/websocket/socket.js';
import { socketPair } from '../socket-pair.js';

test('a client that answers nothing is reported dead once, when the second ping is due', async () => {
  const { server } = await socketPair({ client: { autoPong: false } });
  const dead = vi.fn();
  await new Promise<void>((resolve) => {
    keepHeartbeat(server, 10, () => {
      dead();
      resolve();
    });
  });
  server.terminate();
  await once(server, 'close');
  expect(dead).toHaveBeenCalledTimes(1);
});

test.each([
  ['answers its pings', { autoPong: true }, () => undefined],
  ['sends messages instead', { autoPong: false }, (send: () => void) => setInterval(send, 5)],
])('a client that %s is alive', async (_what, options, begin) => {
  const { server, client } = await socketPair({ client: options });
  const dead = vi.fn();
  const sending = begin(() => {
    client.send('here');
  });
  keepHeartbeat(server, 40, dead);
  for (let pings = 0; pings < 4; pings += 1) await once(client, 'ping');
  clearInterval(sending);
  expect(dead).not.toHaveBeenCalled();
});

test.each(['session_closed', 'going_away', 'too_fast'] as const)(
  'closing with %s tells the client the code and the reason',
  async (closing) => {
    const { server, client } = await socketPair();
    const closed = once(client, 'close') as Promise<[number, Buffer]>;
    closeSocket(server, closing);
    const [code, reason] = await closed;
    const { code: expected, meaning } = closings[closing];
    expect([code, reason.toString()]).toEqual([expected, meaning]);
  },
);

test('a client that does not answer the close is cut off', async () => {
  const { server, client } = await socketPair();
  client.pause();
  closeSocket(server, 'going_away');
  await once(server, 'close');
  expect(server.readyState).toBe(server.CLOSED);
});
