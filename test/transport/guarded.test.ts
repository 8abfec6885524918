import { setImmediate } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { guarded } from '../../server/transport/guarded.js';
import { requestPath } from '../../server/transport/http/request-listener.js';

const failure = new TypeError('unexpected');

test.each([
  [
    'throws',
    (): never => {
      throw failure;
    },
  ],
  ['rejects', (): Promise<never> => Promise.reject(failure)],
])('a listener that %s is logged, and what the stranger holds is let go', async (_how, listener) => {
  const log = vi.fn();
  const giveUp = vi.fn();
  guarded<[string]>(log, 'An upgrade failed', listener, giveUp)('socket');
  await setImmediate();
  expect(log.mock.calls).toEqual([['An upgrade failed', failure]]);
  expect(giveUp.mock.calls).toEqual([['socket']]);
});

test.each([
  ['/v1/duet', '/v1/duet'],
  ['/v1/duet?x=//', '/v1/duet'],
  ['//', '//'],
  ['///v1/duet', '///v1/duet'],
  ['//:80', '//:80'],
  ['/#x', '/'],
  ['http://127.0.0.1:8787/v1/duet?x', '/v1/duet'],
  ['http://[', null],
  ['http://', null],
  ['*', null],
  ['', null],
  [undefined, null],
])('the path of the request target %j is %j', (target, path) => {
  expect(requestPath(target)).toBe(path);
});
