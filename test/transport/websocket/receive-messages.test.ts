import { once } from 'node:events';
import { expect, test } from 'vitest';
import { MessageBudget } from '../../../server/transport/websocket/message-budget.js';
import { receiveMessages } from '../../../server/transport/websocket/receive-messages.js';
import { defaultConnectionLimits } from '../../../server/transport/websocket/services.js';
import { socketPair } from '../socket-pair.js';

const ample = (): MessageBudget => new MessageBudget(defaultConnectionLimits.rates, () => 0);
const never = new AbortController().signal;

test('messages are handled one after another, in order, each whole and of its kind', async () => {
  const { server, client } = await socketPair();
  const handled: string[] = [];
  let busy = 0;
  const done = receiveMessages(server, ample(), never, async ({ kind, bytes }) => {
    busy += 1;
    expect(busy).toBe(1);
    await new Promise(setImmediate);
    handled.push(`${kind} ${Buffer.from(bytes).toString()}`);
    busy -= 1;
  });
  client.send('first');
  client.send(Buffer.from('second'));
  client.send('thi', { fin: false });
  client.send('rd', { fin: true });
  await expect.poll(() => handled).toEqual(['text first', 'binary second', 'text third']);
  client.close();
  expect(await done).toBe('gone');
});

test('what a client sent before it left is handled', async () => {
  const { server, client } = await socketPair();
  for (let count = 0; count < 10; count += 1) client.send(String(count));
  client.close();
  const handled: string[] = [];
  const outcome = await receiveMessages(server, ample(), never, ({ bytes }) => {
    handled.push(Buffer.from(bytes).toString());
    return Promise.resolve();
  });
  expect([outcome, handled.join('')]).toEqual(['gone', '0123456789']);
});

test('nothing is handled once the signal is aborted, even if messages wait', async () => {
  const { server, client } = await socketPair();
  const ending = new AbortController();
  const handled: string[] = [];
  const done = receiveMessages(server, ample(), ending.signal, ({ bytes }) => {
    handled.push(Buffer.from(bytes).toString());
    ending.abort();
    return Promise.resolve();
  });
  client.send('first');
  client.send('second');
  expect([await done, handled]).toEqual(['gone', ['first']]);
});

test('a ping is answered with its own bytes, in its turn among the messages', async () => {
  const { server, client } = await socketPair({ server: { autoPong: false } });
  const order: string[] = [];
  client.on('pong', (bytes) => order.push(bytes.toString()));
  void receiveMessages(server, ample(), never, ({ bytes }) => {
    order.push(Buffer.from(bytes).toString());
    return Promise.resolve();
  });
  client.send('message');
  client.ping('ping');
  await expect.poll(() => order).toEqual(['message', 'ping']);
});

test('a client that keeps exceeding its budget is reported as too fast', async () => {
  const { server, client } = await socketPair();
  const rates = { ...defaultConnectionLimits.rates, messages: { burst: 1, perSecond: 100 }, patienceMs: 0 };
  const budget = new MessageBudget(rates, () => performance.now());
  const outcome = receiveMessages(server, budget, never, () => Promise.resolve());
  for (let count = 0; count < 20; count += 1) client.send(String(count));
  expect(await outcome).toBe('too_fast');
});

test('holding a client back ends at once when its connection ends', async () => {
  const { server, client } = await socketPair();
  const rates = { ...defaultConnectionLimits.rates, messages: { burst: 1, perSecond: 0.001 } };
  const ending = new AbortController();
  const budget = new MessageBudget({ ...rates, patienceMs: Infinity }, () => 0);
  const outcome = receiveMessages(server, budget, ending.signal, () => Promise.resolve());
  client.send('first');
  client.send('second');
  await once(server, 'message');
  ending.abort();
  expect(await outcome).toBe('gone');
});
