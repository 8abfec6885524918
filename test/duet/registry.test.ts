import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SessionRegistry } from '../../server/duet/registry.js';
import { sessionSettings } from '../../server/duet/settings.js';
import { modelByBrightness } from '../support/duet-session.js';

const model = modelByBrightness();
const options = (id: string) => ({ id, model, settings: sessionSettings(model.capabilities), now: () => 0 });

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

test('refuses a session more than its limit, also while others are still opening', async () => {
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
