import { afterEach, expect, test, vi } from 'vitest';
import { logLine } from '../../../server/cli/terminal/log-line.js';
import { DuetError } from '../../../server/errors.js';

const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);

afterEach(() => {
  write.mockClear();
});

const broken = Object.assign(new RangeError('Invalid WebSocket frame: invalid opcode 3'), {
  code: 'WS_ERR_INVALID_OPCODE',
});

test.each([
  ['an error of ours', new DuetError('source_failed', 'ffmpeg says:\nno'), 'source_failed: ffmpeg says: no'],
  ['an error of a library', broken, 'WS_ERR_INVALID_OPCODE: Invalid WebSocket frame: invalid opcode 3'],
  ['control characters', new DuetError('internal', 'a\u001b[2Jb'), 'internal: a [2Jb'],
])('%s is one line without a stack', (_what, cause, text) => {
  logLine('A connection broke', cause);
  expect(write.mock.calls).toEqual([[expect.stringMatching(/^\S+Z A connection broke: [^\n]*\n$/)]]);
  expect(String(write.mock.calls[0]?.[0])).toMatch(new RegExp(`: ${text.replaceAll(/[[\]]/g, '\\$&')}\n$`));
});

test('an unexpected error is one line too, with its stack', () => {
  logLine('A request failed', new TypeError('x is not a function'));
  expect(String(write.mock.calls[0]?.[0])).toMatch(
    /^[^\n]*: TypeError: x is not a function at [^\n]*log-line\.test\.ts[^\n]*\n$/,
  );
});
