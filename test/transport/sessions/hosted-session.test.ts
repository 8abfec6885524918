import { expect, onTestFinished, test, vi } from 'vitest';
import { SessionRegistry } from '../../../server/duet/registry.js';
import type { SessionOptions } from '../../../server/duet/session.js';
import { sessionSettings } from '../../../server/duet/settings.js';
import type { HostedSession } from '../../../server/transport/sessions/hosted-session.js';
import { HostedSessions } from '../../../server/transport/sessions/hosted-sessions.js';
import { modelByBrightness } from '../../support/duet-session.js';

function sessionOptions(id: string): SessionOptions {
  const model = modelByBrightness();
  return { id, model, settings: sessionSettings(model.capabilities), now: () => 0 };
}

async function start(): Promise<{
  hosted: HostedSession;
  registry: SessionRegistry;
  hosting: HostedSessions;
}> {
  const registry = new SessionRegistry({ limit: 2, graceMs: 60_000 });
  const openSource = () => Promise.reject(new Error('no source here'));
  const rule = { idleMs: 60_000, now: () => 0, log: () => undefined };
  const hosting = new HostedSessions(registry, openSource, rule);
  onTestFinished(async () => {
    hosting.abandonSources();
    await registry[Symbol.asyncDispose]();
  });
  const session = await registry.open(sessionOptions('test'));
  return { hosted: hosting.host(session), registry, hosting };
}

const dismissed = (): void => undefined;

test('a session has one controller: a new one replaces the one before it', async () => {
  const { hosted } = await start();
  const [first, second] = [vi.fn(), vi.fn()];
  hosted.attach('controller', { replaced: first, dismissed });
  hosted.attach('controller', { replaced: second, dismissed });
  expect(first).toHaveBeenCalledTimes(1);
  expect(second).not.toHaveBeenCalled();
});

test('any number of readers come and go without replacing anybody', async () => {
  const { hosted } = await start();
  const replaced = vi.fn();
  const controller = hosted.attach('controller', { replaced, dismissed });
  const readers = [1, 2, 3].map(() => hosted.attach('reader', { replaced, dismissed }));
  expect([readers[0]?.role, controller.role]).toEqual(['reader', 'controller']);
  readers[1]?.leave();
  expect(replaced).not.toHaveBeenCalled();
  hosted.attach('controller', { replaced: vi.fn(), dismissed });
  expect(replaced).toHaveBeenCalledTimes(1);
});

test('the registry is told when a controller leaves or returns, and nothing about readers', async () => {
  const { hosted, registry } = await start();
  const [attach, detach] = [vi.spyOn(registry, 'attach'), vi.spyOn(registry, 'detach')];
  const controller = hosted.attach('controller', { replaced: vi.fn(), dismissed });
  const reader = hosted.attach('reader', { replaced: vi.fn(), dismissed });
  controller.leave();
  expect(detach).toHaveBeenCalledTimes(1);
  reader.leave();
  expect([attach.mock.calls.length, detach.mock.calls.length]).toEqual([1, 1]);
  hosted.attach('controller', { replaced: vi.fn(), dismissed });
  expect(attach).toHaveBeenCalledTimes(2);
});

test('a controller that was replaced, or detaches twice, changes nothing', async () => {
  const { hosted, registry } = await start();
  const detach = vi.spyOn(registry, 'detach');
  const old = hosted.attach('controller', { replaced: vi.fn(), dismissed });
  const present = hosted.attach('controller', { replaced: vi.fn(), dismissed });
  old.leave();
  expect(detach).not.toHaveBeenCalled();
  present.leave();
  present.leave();
  expect(detach).toHaveBeenCalledTimes(1);
});

test('all connections share one hosted session, which is forgotten when closed', async () => {
  const { hosted, hosting, registry } = await start();
  expect(hosting.host(hosted.session)).toBe(hosted);
  const end = vi.spyOn(hosted.source, 'end');
  await registry.close(hosted.session.id, 'test');
  expect(end).toHaveBeenCalledTimes(1);
});
