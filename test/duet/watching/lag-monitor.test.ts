import { expect, test } from 'vitest';
import { SessionState } from '../../../server/duet/record/session-state.js';
import { sessionSettings } from '../../../server/duet/settings.js';
import { FrameQueue } from '../../../server/duet/watching/frame-queue.js';
import { LagMonitor } from '../../../server/duet/watching/lag-monitor.js';
import { modelByBrightness } from '../../support/duet-session.js';
import { fakeFrames } from '../../support/fake-stream.js';

/** A monitor, a full queue of so many seconds at 2 frames a second, and the reports that come of it. */
async function start(frames: number, limit = 100) {
  const clock = { ms: 0 };
  const settings = sessionSettings(modelByBrightness().capabilities);
  const state = new SessionState({ id: 'test', settings, now: () => clock.ms });
  const queue = new FrameQueue({ limit, rule: 'drop-oldest' });
  for (const frame of fakeFrames(Array.from({ length: frames }, () => 0))) await queue.push(frame);
  const monitor = new LagMonitor(state);
  const reports = () => state.log.snapshot().filter(({ type }) => type === 'session.lagging');
  return { clock, queue, monitor, reports };
}

test.each([
  ['a second and no more', 3, 0],
  ['more than a second', 4, 1],
])('a session lags when frames of %s wait', async (_what, frames, reported) => {
  const { queue, monitor, reports } = await start(frames);
  monitor.look(queue, 0);
  expect(reports()).toHaveLength(reported);
});

test('a report says how many frames wait, how many were dropped and how far behind it is', async () => {
  const { queue, monitor, reports } = await start(10, 6);
  monitor.look(queue, 1.5);
  expect(reports()).toMatchObject([{ videoTime: 1.5, queuedFrames: 6, droppedFrames: 4, behindSeconds: 3 }]);
});

test('reports are a second apart', async () => {
  const { clock, queue, monitor, reports } = await start(10);
  for (clock.ms = 0; clock.ms < 3000; clock.ms += 250) monitor.look(queue, 0);
  expect(reports().map(({ elapsedMs }) => elapsedMs)).toEqual([0, 1000, 2000]);
});

test('dropped frames are reported once, however little waits', async () => {
  const { clock, queue, monitor, reports } = await start(3, 2);
  monitor.look(queue, 1);
  clock.ms = 5000;
  monitor.look(queue, 1);
  expect(reports()).toMatchObject([{ droppedFrames: 1, behindSeconds: 0 }]);
});

test('an empty queue is not behind', async () => {
  const { queue, monitor, reports } = await start(0);
  monitor.look(queue, 7);
  expect(reports()).toEqual([]);
});
