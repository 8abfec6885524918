import { expect, test, vi } from 'vitest';
import { EventLog } from '../../../server/duet/record/event-log.js';
import type { SessionHappening } from '../../../server/duet/record/events.js';

const closed: SessionHappening = { type: 'session.closed', reason: 'test' };

function logOf(events: number): EventLog {
  const log = new EventLog({ now: () => 0 });
  for (let index = 0; index < events; index += 1) log.append(closed, index);
  return log;
}

test('every reader has its own position and knows how far behind it is', async () => {
  const log = logOf(3);
  const [first, second] = [log.read(), log.read({ after: 1 })];
  const events = first[Symbol.asyncIterator]();
  await events.next();
  expect([first.position, first.behind, second.position, second.behind]).toEqual([1, 2, 1, 2]);
  log.append(closed, 3);
  await events.next();
  expect([first.position, first.behind, second.behind]).toEqual([2, 2, 3]);
});

test('the record counts its readers, and reports when one comes or goes', () => {
  const log = logOf(1);
  const heard = vi.fn();
  log.listenToReaders(() => {
    heard(log.readers);
  });
  const [first, second] = [log.read(), log.read()];
  first.close();
  first.close();
  second[Symbol.dispose]();
  expect(heard.mock.calls).toEqual([[1], [2], [1], [0]]);
});

test('leaving the loop closes a reader', async () => {
  const log = logOf(2);
  for await (const event of log.read()) {
    expect([event.seq, log.readers]).toEqual([1, 1]);
    break;
  }
  expect(log.readers).toBe(0);
});

test('reading to the end of the record closes a reader', async () => {
  const log = logOf(2);
  log.end();
  const reader = log.read();
  for await (const { seq } of reader) expect(seq).toBe(reader.position);
  expect([log.readers, reader.isClosed]).toEqual([0, true]);
});

test('closing wakes a waiting reader, and stops one with unread events', async () => {
  const log = logOf(1);
  const reader = log.read({ after: 1 });
  const next = reader[Symbol.asyncIterator]().next();
  reader.close();
  expect(await next).toEqual({ value: undefined, done: true });
  const other = log.read();
  other.close();
  expect(await other[Symbol.asyncIterator]().next()).toEqual({ value: undefined, done: true });
});

test('an aborted signal closes a reader at once, and one that is aborted beforehand never counts', () => {
  const log = logOf(1);
  const controller = new AbortController();
  const reader = log.read({ signal: controller.signal });
  expect(log.readers).toBe(1);
  controller.abort();
  expect([log.readers, reader.isClosed]).toEqual([0, true]);
  expect(log.read({ signal: AbortSignal.abort() }).isClosed).toBe(true);
  expect(log.readers).toBe(0);
});

test('a reader that lags behind the bounded record sees a gap, never a wrong order', async () => {
  const log = new EventLog({ now: () => 0, limit: 10 });
  const reader = log.read();
  for (let index = 0; index < 100; index += 1) log.append(closed, index);
  log.end();
  const seen: number[] = [];
  for await (const { seq } of reader) seen.push(seq);
  expect(seen[0]).toBeGreaterThan(1);
  expect(seen).toEqual([...seen].sort((one, other) => one - other));
  expect(seen.at(-1)).toBe(100);
});
