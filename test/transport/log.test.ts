import { expect, test, vi } from 'vitest';
import { RateLimitedLog } from '../../server/transport/log.js';

test('of many similar lines a few are written, then how many were left out', () => {
  vi.useFakeTimers();
  const write = vi.fn();
  const { log } = new RateLimitedLog(write);
  for (let count = 0; count < 3390; count += 1) log('A connection broke', count);
  log('Something else');
  expect(write).toHaveBeenCalledTimes(11);
  expect(write).toHaveBeenLastCalledWith('Something else', undefined);
  vi.advanceTimersByTime(10_000);
  expect(write.mock.calls.slice(11)).toEqual([
    ['A connection broke (3380 more of these lines were left out)'],
  ]);
  log('A connection broke', 'again');
  expect(write).toHaveBeenLastCalledWith('A connection broke', 'again');
  vi.useRealTimers();
});

test('the number of lines left out is written at the end at the latest', () => {
  const write = vi.fn();
  const calm = new RateLimitedLog(write);
  for (let count = 0; count < 12; count += 1) calm.log('A connection broke');
  calm[Symbol.dispose]();
  expect(write).toHaveBeenLastCalledWith('A connection broke (2 more of these lines were left out)');
});
