import { CommanderError } from 'commander';
import { expect, test } from 'vitest';
import { describeFailure, oneLine } from '../../../server/cli/terminal/exit-code.js';
import { DuetError, errorCodes } from '../../../server/errors.js';

test.each(errorCodes)('the error code %s has an exit code of its own kind', (code) => {
  expect([1, 2, 130]).toContain(describeFailure(new DuetError(code, 'why')).exitCode);
});

test('a failure is one line, whatever its message', () => {
  expect(describeFailure(new DuetError('not_found', 'one\n  two\n'))).toEqual({
    exitCode: 2,
    line: 'duet: one two',
  });
});

test('an unforeseen failure is told too', () => {
  expect(describeFailure(new TypeError('odd'))).toEqual({ exitCode: 1, line: 'duet: odd' });
});

test('what commander has already said is not said again', () => {
  expect(describeFailure(new CommanderError(1, 'commander.unknownOption', 'x'))).toEqual({
    exitCode: 2,
    line: null,
  });
  expect(describeFailure(new CommanderError(0, 'commander.help', 'x'))).toEqual({ exitCode: 0, line: null });
});

test('what a stranger wrote cannot steer the terminal from a line of ours', () => {
  expect(oneLine('\u001b[2Jred\r\n text\u0007')).toBe('[2Jred text');
});
