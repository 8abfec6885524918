import { setImmediate } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { guarded } from '../../server/transport/guarded.js';

const failure = new TypeError('unexpected');

test.each([
  [
    'throws',
    (): never => {
      throw failure;
    },
  ],
  ['rejects', (): Promise<never> => Promise.reject(failure)],
])("a listener that %s is logged, and the client's resources are released", async (_how, listener) => {
  const log = vi.fn();
  const giveUp = vi.fn();
  guarded<[string]>(log, 'An upgrade failed', listener, giveUp)('socket');
  await setImmediate();
  expect(log.mock.calls).toEqual([['An upgrade failed', failure]]);
  expect(giveUp.mock.calls).toEqual([['socket']]);
});
