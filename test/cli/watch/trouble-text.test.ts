import { expect, test } from 'vitest';
import { describeTrouble } from '../../../server/cli/watch/trouble-text.js';

const info = { width: 8, height: 8, fps: null, duration: null, codec: 'h264', live: true };

test('an outage is told in a line each: the silence, every attempt with its reason, the return', () => {
  const why = { code: 'source_failed', message: 'rtsp://camera/1 broke off\u001b[2J' } as const;
  expect([
    describeTrouble({ type: 'source.stalled', silentSeconds: 5.01 }),
    describeTrouble({ type: 'source.reconnecting', attempt: 2, delayMs: 1040, ...why }),
    describeTrouble({ type: 'source.reopened', gapSeconds: 7.25, attempts: 2, info }),
    describeTrouble({ type: 'source.clock.changed', pushedTime: 1, offset: 1 }),
  ]).toEqual([
    'no picture for 5.0 s; waiting',
    'rtsp://camera/1 broke off [2J; connecting again in 1.0 s (attempt 2)',
    'pictures are back after 7.3 s',
    null,
  ]);
});

test('a text that the model refuses is told with the reason, on one line', () => {
  const about = {
    questionId: null,
    text: 'long\u001b[2J',
    clientEventId: null,
    requestedTime: null,
  } as const;
  const why = { code: 'context_full', message: 'The text has 900 tokens: shorten it' } as const;
  const event = { type: 'user.text.refused', ...about, ...why, seq: 1, videoTime: 0, elapsedMs: 0 } as const;
  expect(describeTrouble(event)).toBe(
    'the model did not take "long [2J": The text has 900 tokens: shorten it',
  );
});
