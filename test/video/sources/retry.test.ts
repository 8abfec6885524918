import { describe, expect, test } from 'vitest';

import { DuetError, type ErrorCode } from '../../../server/errors.js';
import { Retries, retryLive, type RetryPolicy } from '../../../server/video/sources/retry.js';
import { systemTime } from '../../../server/video/time.js';

const away = (code: ErrorCode = 'source_failed', retryable = true) =>
  new DuetError(code, 'away', { retryable });
const unknownName = new DuetError('source_failed', 'no such name', {
  cause: Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }),
});
const midway = { live: true, opened: true, played: false };

/** Waits after failures one after the other, until the source is given up. */
function waitsAfter(
  errors: readonly DuetError[],
  {
    policy = retryLive({ random: () => 0.5 }),
    ...how
  }: Partial<typeof midway> & { policy?: RetryPolicy } = {},
): readonly number[] {
  const retries = new Retries(policy, systemTime);
  const waits: number[] = [];
  for (const error of errors) {
    const next = retries.after({ error, ...midway, ...how });
    if (next === null) break;
    waits.push(next.delayMs);
  }
  return waits;
}

const times = (count: number, error: DuetError) => Array.from({ length: count }, () => error);

describe('the policy for live sources', () => {
  test('waits ever longer, from half a second to 15', () => {
    expect(waitsAfter(times(8, away()))).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
  });

  test('shifts each wait by up to a quarter', () => {
    const third = (random: number) =>
      waitsAfter(times(3, away()), { policy: retryLive({ random: () => random }) })[2];
    expect([third(0), third(1)]).toEqual([1500, 2500]);
  });

  test('goes on without end unless a bound is set', () => {
    expect(waitsAfter(times(10_000, away()))).toHaveLength(10_000);
    for (const maxAttempts of [0, 3])
      expect(waitsAfter(times(9, away()), { policy: retryLive({ maxAttempts }) })).toHaveLength(maxAttempts);
  });

  test('gives up what is a recording, or may be one', () => {
    expect(waitsAfter([away()], { live: false })).toEqual([]);
    const unknown = new Retries(retryLive(), systemTime);
    expect(unknown.after({ ...midway, error: away(), live: null, opened: false })).toBeNull();
  });

  test.each<[string, DuetError, number, number]>([
    ['an error that may be over later', away(), 5, 200],
    ['a busy server', away('busy'), 5, 200],
    ['a name that nobody knows', unknownName, 0, 200],
    ['a stream that is missing', away('not_found', false), 0, 44],
    ['a refusal', away('source_failed', false), 0, 8],
    ['a wrong password', away('unauthorized', false), 0, 8],
    ['an ffmpeg that cannot read it', away('unsupported', false), 0, 0],
    ['a stop', away('cancelled', false), 0, 0],
  ])('%s is tried again so often before the first picture, and after it', (_, error, first, later) => {
    const counts = [false, true].map((opened) => waitsAfter(times(200, error), { opened }).length);
    expect(counts).toEqual([first, later]);
  });

  test('counts refusals in a row: a camera that starts may refuse for a moment after an hour away', () => {
    const refused = away('source_failed', false);
    const errors = [...times(240, away()), ...times(7, refused), ...times(3, away()), ...times(8, refused)];
    expect(waitsAfter(errors)).toHaveLength(258);
    expect(waitsAfter([...times(240, away()), ...times(9, refused)])).toHaveLength(248);
  });

  test('tries a stream that played again, whatever it broke off with', () => {
    expect(waitsAfter(times(100, away('source_failed', false)), { played: true })).toHaveLength(100);
  });
});
