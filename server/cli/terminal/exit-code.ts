import { constants } from 'node:os';
import { CommanderError } from 'commander';
import { toDuetError, type ErrorCode } from '../../errors.js';

/** Exit codes of the process. */
export const exitCodes = { done: 0, failed: 1, usage: 2 } as const;

/** Distinguishes mistakes in the command from failures of the work. */
const exitCodeOf: Record<Exclude<ErrorCode, 'cancelled'>, number> = {
  invalid_message: exitCodes.usage,
  invalid_request: exitCodes.usage,
  not_found: exitCodes.usage,
  too_large: exitCodes.failed,
  unauthorized: exitCodes.failed,
  busy: exitCodes.failed,
  storage_full: exitCodes.failed,
  source_failed: exitCodes.failed,
  model_failed: exitCodes.failed,
  unsupported: exitCodes.failed,
  context_full: exitCodes.failed,
  budget_spent: exitCodes.failed,
  refused: exitCodes.failed,
  internal: exitCodes.failed,
};

/**
 * How a command ends after an error: the exit code, and one line to print, or null. `signal` is what
 * interrupted it; shells report a process that such a signal ended by 128 and the signal's number.
 */
export function describeFailure(
  thrown: unknown,
  signal: NodeJS.Signals | null,
): { exitCode: number; line: string | null } {
  if (thrown instanceof CommanderError) {
    const exitCode = thrown.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    return { exitCode, line: null };
  }
  const trouble = thrown instanceof Error ? troubleOfSystem(thrown) : null;
  if (trouble !== null) return { exitCode: exitCodes.failed, line: `duet: ${trouble}` };
  const { code, message } = toDuetError(thrown);
  const exitCode = code === 'cancelled' ? 128 + constants.signals[signal ?? 'SIGINT'] : exitCodeOf[code];
  return { exitCode, line: `duet: ${oneLine(message)}` };
}

/** What the system's errors mean where they name no file; null for others. */
function troubleOfSystem(error: NodeJS.ErrnoException): string | null {
  if (error.syscall === 'uv_cwd')
    return 'the working folder was deleted or moved: change to one that is there';
  const isFull = error.code === 'ENOSPC' || error.code === 'EDQUOT';
  return isFull ? `the disk is full: make room on it, or write elsewhere (${error.message})` : null;
}

/** Text on one line without control characters, so that untrusted text cannot control the terminal. */
export function oneLine(text: string): string {
  return text
    .replaceAll(/\s*\n\s*/g, ' ')
    .replaceAll(/\p{Cc}/gu, ' ')
    .trim();
}
