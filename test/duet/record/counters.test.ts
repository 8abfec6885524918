import { expect, test } from 'vitest';
import { Counters, counterTable, type CounterName } from '../../../server/duet/record/counters.js';
import { SessionRegistry } from '../../../server/duet/registry.js';
import { sessionSettings } from '../../../server/duet/settings.js';
import { DuetError } from '../../../server/errors.js';
import type { VideoFrame } from '../../../server/video/frame.js';
import { modelByBrightness, tokensUpTo } from '../../support/duet-session.js';
import { fakeFrames, FakeStream } from '../../support/fake-stream.js';

const names = Object.keys(counterTable).filter((name): name is CounterName => name in counterTable);

function counted(counters: Counters): Partial<Record<CounterName, number>> {
  const values = names.map((name) => [name, counters.get(name)] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== 0));
}

const label = { source: 'test', samplingFps: 2, realtime: false };

test('a new server has counted nothing', () => {
  expect(counted(new Counters())).toEqual({});
});

test('every counter says what it counts', () => {
  for (const meaning of Object.values(counterTable)) expect(meaning).toMatch(/^[A-Z][^.]+$/);
});

test('what happens in all sessions of a registry is counted, refusals too', async () => {
  const counters = new Counters();
  const registry = new SessionRegistry({ limit: 2, graceMs: 1000, counters });
  const model = modelByBrightness({ capabilities: { capacity: tokensUpTo(100) } });
  const settings = sessionSettings(model.capabilities, 'default', {
    maxReplyTokens: 10,
    memory: 'renewed',
  });
  const open = (id: string) => registry.open({ id, model, settings, now: () => 0 });
  const [first, second] = [await open('a'), await open('b')];
  await expect(open('c')).rejects.toThrow('in use');
  first.addUserText('What?');
  await first.watch(
    new FakeStream(fakeFrames(Array.from({ length: 30 }, (_, index) => (index === 3 ? 90 : 0)))),
    label,
  );
  await second.watch(new FakeStream(fakeFrames([0, 0])), label);
  await registry.close('a', 'done');
  expect(registry.counters).toBe(counters);
  expect(counted(counters)).toEqual({
    ...{ sessionsOpened: 2, sessionsClosed: 1, sessionsRefused: 1 },
    ...{ framesScored: 32, textsInserted: 1, repliesStarted: 1 },
    contextsRenewed: counters.get('contextsRenewed'),
  });
  expect(counters.get('contextsRenewed')).toBeGreaterThan(0);
});

test('failures are counted: dropped frames, failed sources and failed replies', async () => {
  const counters = new Counters();
  const registry = new SessionRegistry({ limit: 1, graceMs: 1000, counters });
  const model = modelByBrightness({
    before: (call) => {
      if (call.type === 'reply') throw new DuetError('model_failed', 'broken');
    },
  });
  const settings = sessionSettings(model.capabilities);
  const session = await registry.open({ id: 'a', model, settings, now: () => 0 });
  function* broken(): Generator<VideoFrame> {
    yield* fakeFrames([0]);
    throw new DuetError('source_failed', 'gone');
  }
  class LossyStream extends FakeStream {
    readonly dropped = 5;
  }
  await session.watch(new LossyStream(broken()), label);
  await expect(session.watch(new FakeStream(fakeFrames([90])), label)).rejects.toThrow('broken');
  expect(counted(counters)).toEqual({
    ...{ sessionsOpened: 1, framesScored: 2, framesDropped: 5 },
    ...{ sourcesFailed: 2, repliesStarted: 1, repliesFailed: 1 },
  });
});
