import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { EitherSignal } from '../../server/concurrency/either-signal.js';

test.each([0, 1])('it aborts with the reason of signal %i', (index) => {
  const controllers = [new AbortController(), new AbortController()];
  using either = new EitherSignal(...controllers.map(({ signal }) => signal));
  expect(either.signal.aborted).toBe(false);
  controllers[index]?.abort('enough');
  expect([either.signal.aborted, either.signal.reason]).toEqual([true, 'enough']);
});

test('it begins aborted if one of them is', () => {
  using either = new EitherSignal(new AbortController().signal, AbortSignal.abort('before'));
  expect([either.signal.aborted, either.signal.reason]).toEqual([true, 'before']);
});

test('it leaves nothing behind, and no longer aborts, once it is disposed of', () => {
  const long = new AbortController();
  const signals = Array.from({ length: 100 }, () => {
    using either = new EitherSignal(long.signal);
    return either.signal;
  });
  expect(getEventListeners(long.signal, 'abort')).toHaveLength(0);
  long.abort();
  expect(signals.some(({ aborted }) => aborted)).toBe(false);
});
