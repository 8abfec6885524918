import { CommanderError } from 'commander';
import { expect, test } from 'vitest';
import { describeFailure, oneLine } from '../../../server/cli/terminal/exit-code.js';
import { DuetError, errorCodes } from '../../../server/errors.js';

test.each(errorCodes)('the error code %s has an exit code of its own kind', (code) => {
  expect([1, 2, 130]).toContain(describeFailure(new DuetError(code, 'why'), null).exitCode);
});

test('a failure is one line, whatever its message', () => {
  expect(describeFailure(new DuetError('not_found', 'one\n  two\n'), null)).toEqual({
    exitCode: 2,
    line: 'duet: one two',
  });
});

test('an unexpected failure is reported too', () => {
  expect(describeFailure(new TypeError('odd'), null)).toEqual({ exitCode: 1, line: 'duet: odd' });
});

test('a full disk is told of with what to do', () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  const { exitCode, line } = describeFailure(full, null);
  expect(exitCode).toBe(1);
  expect(line).toMatch(/^duet: the disk is full: make room on it, or write elsewhere \(ENOSPC: /);
});

test('what commander has already printed is not repeated', () => {
  expect(describeFailure(new CommanderError(1, 'commander.unknownOption', 'x'), null)).toEqual({
    exitCode: 2,
    line: null,
  });
  expect(describeFailure(new CommanderError(0, 'commander.help', 'x'), null)).toEqual({
    exitCode: 0,
    line: null,
  });
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('what %s interrupts ends with %i, as shells have it', (signal, exitCode) => {
  const interrupted = describeFailure(new DuetError('cancelled', 'interrupted'), signal);
  expect(interrupted).toEqual({ exitCode, line: 'duet: interrupted' });
  expect(describeFailure(new DuetError('source_failed', 'gone'), signal).exitCode).toBe(1);
});

test('untrusted text cannot control the terminal', () => {
  expect(oneLine('\u001b[2Jred\r\n text\u0007')).toBe('[2Jred text');
});
