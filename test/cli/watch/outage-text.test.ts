import { expect, test } from 'vitest';
import { describeOutage } from '../../../server/cli/watch/outage-text.js';

const info = { width: 8, height: 8, fps: null, duration: null, codec: 'h264', live: true };

test('an outage is told in a line each: the silence, every attempt with its reason, the return', () => {
  const why = { code: 'source_failed', message: 'rtsp://camera/1 broke off\u001b[2J' } as const;
  expect([
    describeOutage({ type: 'source.stalled', silentSeconds: 5.01 }),
    describeOutage({ type: 'source.reconnecting', attempt: 2, delayMs: 1040, ...why }),
    describeOutage({ type: 'source.reopened', gapSeconds: 7.25, attempts: 2, info }),
    describeOutage({ type: 'source.clock.changed', pushedTime: 1, offset: 1 }),
  ]).toEqual([
    'no picture for 5.0 s; waiting',
    'rtsp://camera/1 broke off [2J; connecting again in 1.0 s (attempt 2)',
    'pictures are back after 7.3 s',
    null,
  ]);
});
