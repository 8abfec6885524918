import { expect, test } from 'vitest';
import { DuetClientError } from '../../client/sdk/client-error.js';
import { EventBuffer } from '../../client/sdk/event-buffer.js';
import type { ServerMessage } from '../../server/protocol/server-messages.js';
import { delta, frame } from './wire-events.js';

async function drain(buffer: EventBuffer): Promise<ServerMessage[]> {
  const messages: ServerMessage[] = [];
  for await (const message of buffer.read()) messages.push(message);
  return messages;
}

test('messages come out in the order in which they went in, also while someone waits', async () => {
  const buffer = new EventBuffer(10);
  const reading = drain(buffer);
  buffer.push(frame({ seq: 1 }));
  await Promise.resolve();
  buffer.push(frame({ seq: 2 }));
  buffer.end();
  expect(await reading).toMatchObject([{ seq: 1 }, { seq: 2 }]);
});

test('a full buffer drops its oldest frame trace, counts it, and never drops a reply', async () => {
  const buffer = new EventBuffer(3);
  buffer.push(delta({ seq: 1 }));
  buffer.push(frame({ seq: 2 }));
  buffer.push(frame({ seq: 3 }));
  buffer.push(delta({ seq: 4 }));
  buffer.push(delta({ seq: 5 }));
  buffer.end();
  expect(buffer.dropped).toBe(2);
  expect(await drain(buffer)).toMatchObject([{ seq: 1 }, { seq: 4 }, { seq: 5 }]);
});

test('a buffer full of replies ends with an error after what it holds', async () => {
  const buffer = new EventBuffer(2);
  for (const seq of [1, 2, 3]) buffer.push(delta({ seq }));
  const seen: ServerMessage[] = [];
  const reading = (async () => {
    for await (const message of buffer.read()) seen.push(message);
  })();
  await expect(reading).rejects.toMatchObject({ code: 'too_slow' });
  expect(seen).toHaveLength(2);
});

test('an error given at the end is thrown only once everything is read', async () => {
  const buffer = new EventBuffer(2);
  buffer.push(frame());
  buffer.end(new DuetClientError('connection_lost', 'gone'));
  const reader = buffer.read();
  expect((await reader.next()).done).toBe(false);
  await expect(reader.next()).rejects.toThrow('gone');
});
