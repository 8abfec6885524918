import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SessionRegistry } from '../../server/duet/registry.js';
import { sessionSettings } from '../../server/duet/settings.js';
import type { SessionEvent } from '../../server/duet/record/events.js';
import { modelByBrightness } from '../support/duet-session.js';

const model = modelByBrightness();
const options = (id: string) => ({ id, model, settings: sessionSettings(model.capabilities), now: () => 0 });

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

test('refuses sessions beyond its limit, also while others are still opening', async () => {
  const registry = new SessionRegistry({ limit: 2, graceMs: 1000 });
  const opened = await Promise.allSettled(['a', 'b', 'c'].map((id) => registry.open(options(id))));
  expect(opened.map((result) => result.status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
  expect(registry.list()).toHaveLength(2);
});

test('a closed session makes room for another', async () => {
  const registry = new SessionRegistry({ limit: 1, graceMs: 1000 });
  await registry.open(options('a'));
  await registry.close('a', 'done');
  await expect(registry.open(options('b'))).resolves.toBeDefined();
});

test('a session whose client is lost closes after the grace period', async () => {
  const registry = new SessionRegistry({ limit: 1, graceMs: 1000 });
  const session = await registry.open(options('a'));
  registry.detach('a');
  await vi.advanceTimersByTimeAsync(1001);
  expect(session.log.snapshot().at(-1)).toMatchObject({ type: 'session.closed', reason: 'client_lost' });
  expect(() => registry.get('a')).toThrow('No such session');
});

test('a client that comes back in time keeps its session', async () => {
  const registry = new SessionRegistry({ limit: 1, graceMs: 1000 });
  const session = await registry.open(options('a'));
  registry.detach('a');
  await vi.advanceTimersByTimeAsync(900);
  expect(registry.attach('a')).toBe(session);
  await vi.advanceTimersByTimeAsync(5000);
  expect(registry.get('a')).toBe(session);
});

test('a session that its client keeps outlasts the grace period, for one leave', async () => {
  const registry = new SessionRegistry({ limit: 1, graceMs: 1000 });
  const session = await registry.open(options('a'));
  registry.keep('a', 60_000);
  registry.detach('a');
  await vi.advanceTimersByTimeAsync(59_000);
  expect(registry.attach('a')).toBe(session);
  registry.detach('a');
  await vi.advanceTimersByTimeAsync(1001);
  expect(() => registry.get('a')).toThrow('No such session');
});

test('the grace period begins when the last reader of the record is gone', async () => {
  const registry = new SessionRegistry({ limit: 1, graceMs: 1000 });
  const session = await registry.open(options('a'));
  const [first, second] = [session.log.read(), session.log.read()];
  registry.detach('a');
  await vi.advanceTimersByTimeAsync(5000);
  first.close();
  await vi.advanceTimersByTimeAsync(5000);
  expect(registry.get('a')).toBe(session);
  second.close();
  await vi.advanceTimersByTimeAsync(999);
  expect(registry.get('a')).toBe(session);
  await vi.advanceTimersByTimeAsync(2);
  expect(() => registry.get('a')).toThrow('No such session');
});

test('a reader that comes within the grace period ends it', async () => {
  const registry = new SessionRegistry({ limit: 1, graceMs: 1000 });
  const session = await registry.open(options('a'));
  registry.detach('a');
  await vi.advanceTimersByTimeAsync(900);
  const reader = session.log.read();
  await vi.advanceTimersByTimeAsync(5000);
  expect(registry.get('a')).toBe(session);
  reader.close();
});

test('readers come and go without effect while a client is attached', async () => {
  const registry = new SessionRegistry({ limit: 1, graceMs: 1000 });
  const session = await registry.open(options('a'));
  session.log.read().close();
  await vi.advanceTimersByTimeAsync(5000);
  expect(registry.get('a')).toBe(session);
});

test('a closed session leaves nothing behind, even if its record is still being read', async () => {
  const registry = new SessionRegistry({ limit: 1, graceMs: 1000 });
  const session = await registry.open(options('a'));
  const read = allOf(session.log.read());
  registry.detach('a');
  await registry.close('a', 'done');
  await registry.close('a', 'again');
  expect((await read).at(-1)).toMatchObject({ type: 'session.closed', reason: 'done' });
  expect(vi.getTimerCount()).toBe(0);
});

test('sessions are listed oldest first, all of them or those of one owner', async () => {
  const registry = new SessionRegistry({ limit: 3, graceMs: 1000 });
  await registry.open({ ...options('a'), owner: 'ann' });
  await registry.open(options('b'));
  await registry.open({ ...options('c'), owner: 'ann' });
  const ids = (owner?: string | null): string[] =>
    registry.list(owner === undefined ? {} : { owner }).map(({ id }) => id);
  expect([ids(), ids('ann'), ids(null), ids('bob')]).toEqual([['a', 'b', 'c'], ['a', 'c'], ['b'], []]);
});

test('a full registry says when to try again: after the next grace period, within bounds', async () => {
  const registry = new SessionRegistry({ limit: 2, graceMs: 4000 });
  await registry.open(options('a'));
  await registry.open(options('b'));
  expect([registry.isFull, registry.retryAfterMs]).toEqual([true, 10_000]);
  registry.detach('a');
  expect(registry.retryAfterMs).toBe(4000);
  await vi.advanceTimersByTimeAsync(3500);
  await expect(registry.open(options('c'))).rejects.toMatchObject({ code: 'busy', retryAfterMs: 1000 });
});

test('a place is free again when a session could not be opened', async () => {
  const registry = new SessionRegistry({ limit: 1, graceMs: 1000 });
  const broken = modelByBrightness({
    before: () => {
      throw new Error('broken');
    },
  });
  await expect(registry.open({ ...options('a'), model: broken })).rejects.toThrow('broken');
  expect(registry.occupancy).toEqual({ sessions: 0, limit: 1 });
});

test('when the server shuts down every session is closed and records why', async () => {
  const registry = new SessionRegistry({ limit: 2, graceMs: 1000 });
  const sessions = [await registry.open(options('a')), await registry.open(options('b'))];
  await registry[Symbol.asyncDispose]();
  for (const { log } of sessions) expect(log.snapshot().at(-1)).toMatchObject({ reason: 'server_shutdown' });
  expect(registry.list()).toEqual([]);
});

test('a session is found only by its owner, and one without an owner by anyone', async () => {
  const registry = new SessionRegistry({ limit: 2, graceMs: 1000 });
  const own = await registry.open({ ...options('a'), owner: 'alice' });
  const free = await registry.open(options('b'));
  expect([registry.get('a'), registry.get('a', 'alice'), registry.get('b', 'bob')]).toEqual([own, own, free]);
  const missing = 'No such session: it was closed or never opened.';
  for (const other of ['bob', null]) expect(() => registry.get('a', other)).toThrow(missing);
});

async function allOf(events: AsyncIterable<SessionEvent>): Promise<SessionEvent[]> {
  const all: SessionEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}
