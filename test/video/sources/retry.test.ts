import { describe, expect, test } from 'vitest';

import { DuetError, type ErrorCode } from '../../../server/errors.js';
import { retryLive } from '../../../server/video/sources/retry.js';

const failure = (code: ErrorCode = 'source_failed', retryable = true) => ({
  error: new DuetError(code, 'away', { retryable }),
  failures: 1,
  live: true,
  opened: true,
});

describe('the policy for live sources', () => {
  test('waits ever longer, from half a second to 15', () => {
    const retry = retryLive({ random: () => 0.5 });
    const delays = Array.from({ length: 8 }, (_, i) => retry({ ...failure(), failures: i + 1 }));
    expect(delays).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
  });

  test('shifts each wait by up to a quarter', () => {
    const delays = [0, 1].map((number) => retryLive({ random: () => number })({ ...failure(), failures: 3 }));
    expect(delays).toEqual([1500, 2500]);
  });

  test('goes on without end unless a bound is set', () => {
    expect(retryLive()({ ...failure(), failures: 1_000_000 })).toBeGreaterThan(0);
    expect(retryLive({ maxAttempts: 3 })({ ...failure(), failures: 3 })).toBeGreaterThan(0);
    expect(retryLive({ maxAttempts: 3 })({ ...failure(), failures: 4 })).toBeNull();
    expect(retryLive({ maxAttempts: 0 })(failure())).toBeNull();
  });

  test.each([false, null])('gives up what is not known to be live (%s)', (live) => {
    expect(retryLive()({ ...failure(), live })).toBeNull();
  });

  test('tries what has never given a picture five times more', () => {
    const waits = [5, 6].map((failures) => retryLive()({ ...failure(), opened: false, failures }) !== null);
    expect(waits).toEqual([true, false]);
  });

  test.each<[ErrorCode, boolean, boolean, boolean]>([
    ['source_failed', true, true, true],
    ['source_failed', false, false, true],
    ['not_found', false, false, true],
    ['unauthorized', false, false, true],
    ['busy', true, true, true],
    ['unsupported', false, false, false],
    ['cancelled', false, false, false],
  ])(
    '%s (retryable: %s) is tried again before the first picture: %s; after it: %s',
    (code, retryable, ...tried) => {
      const waits = [false, true].map((opened) => retryLive()({ ...failure(code, retryable), opened }));
      expect(waits.map((wait) => wait !== null)).toEqual(tried);
    },
  );
});
