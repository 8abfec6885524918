import { expect, test } from 'vitest';
import { DuetError, errorCodes } from '../../server/errors.js';
import { closeReason, closingOf, closings } from '../../server/protocol/close-codes.js';

test('close codes are distinct, and free for use by a server', () => {
  const codes = Object.values(closings).map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
  for (const code of codes) expect(code <= 1013 || (code >= 4000 && code < 5000)).toBe(true);
});

test.each([
  ['short', 'short'],
  ['x'.repeat(200), 'x'.repeat(123)],
  ['é'.repeat(100), 'é'.repeat(61)],
  [`${'x'.repeat(121)}😀`, 'x'.repeat(121)],
  [`${'x'.repeat(119)}😀`, `${'x'.repeat(119)}😀`],
])('a reason of any length is cut at a whole character to 123 bytes: %s', (text, expected) => {
  expect(closeReason(text)).toBe(expected);
});

test.each(Object.entries(closings))('the meaning of %s fits into a close frame', (_name, { meaning }) => {
  expect(closeReason(meaning)).toBe(meaning);
});

test.each(errorCodes)('an error %s and its close code agree on whether trying again helps', (code) => {
  const closing = closingOf[code];
  if (closing !== null) expect(closings[closing].retryable).toBe(new DuetError(code, '').retryable);
});
