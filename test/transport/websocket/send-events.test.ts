import { expect, test } from 'vitest';
import { EventLog } from '../../../server/duet/record/event-log.js';
import { Outbox } from '../../../server/transport/websocket/outbox.js';
import { sendEvents } from '../../../server/transport/websocket/send-events.js';
import { received, socketPair } from '../socket-pair.js';

const reading = { after: 0, maxLag: 10, stalledAfterMs: 10 };
const never = new AbortController().signal;

/** The record of one session, with inserted texts. */
function startLog(texts = 0): { log: EventLog; insert: (text: string) => void } {
  const log = new EventLog({ now: () => 0 });
  const insert = (text: string): void => {
    log.append(
      {
        type: 'user.text.inserted',
        questionId: 'question_1',
        text,
        clientEventId: null,
        requestedTime: null,
      },
      0,
    );
  };
  for (let count = 1; count <= texts; count += 1) insert(`text ${count}`);
  return { log, insert };
}

async function startReader() {
  const { server, client } = await socketPair();
  const messages = received(client);
  const seqs = (): unknown[] => messages.map(({ seq }) => seq);
  return { outbox: new Outbox(server), client, messages, seqs };
}

test('a client gets missed events, then new ones, until the session ends', async () => {
  const { log, insert } = startLog(3);
  const { outbox, seqs, messages } = await startReader();
  const sent = sendEvents(log, outbox, { ...reading, after: 1 }, never);
  await expect.poll(seqs).toEqual([2, 3]);
  insert('text 4');
  log.end();
  expect(await sent).toBe('ended');
  await expect.poll(seqs).toEqual([2, 3, 4]);
  expect(messages[0]).toMatchObject({
    type: 'user.text.inserted',
    question_id: 'question_1',
    text: 'text 2',
    client_event_id: null,
  });
});

test('two clients read one record, each from its own place', async () => {
  const { log } = startLog(3);
  const [first, second] = [await startReader(), await startReader()];
  const sent = [sendEvents(log, first.outbox, reading, never)];
  sent.push(sendEvents(log, second.outbox, { ...reading, after: 2 }, never));
  log.end();
  expect(await Promise.all(sent)).toEqual(['ended', 'ended']);
  await expect.poll(first.seqs).toEqual([1, 2, 3]);
  await expect.poll(second.seqs).toEqual([3]);
});

test('sending stops when aborted, even between events, and the record loses a reader', async () => {
  const { log } = startLog(1);
  const { outbox, seqs } = await startReader();
  const ending = new AbortController();
  const sent = sendEvents(log, outbox, reading, ending.signal);
  await expect.poll(seqs).toEqual([1]);
  expect(log.readers).toBe(1);
  ending.abort();
  expect(await sent).toBe('aborted');
  expect(log.readers).toBe(0);
});

test('a client that reads nothing is given up once it is too far behind, not before', async () => {
  const { log, insert } = startLog();
  const { outbox, client } = await startReader();
  client.pause();
  let outcome: string | null = null;
  const sent = sendEvents(log, outbox, reading, never).then((result) => {
    outcome = result;
  });
  // How much the network itself buffers differs between machines.
  for (let count = 0; count < 1000 && !outbox.isCrowded; count += 1) {
    insert('x'.repeat(64 * 1024));
    await new Promise(setImmediate);
  }
  await new Promise(setImmediate);
  expect(outcome).toBe(null);
  for (let count = 0; count < 12; count += 1) insert('more');
  await sent;
  expect(outcome).toBe('lagging');
});
