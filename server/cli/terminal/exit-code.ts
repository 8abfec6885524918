import { CommanderError } from 'commander';
import { toDuetError, type ErrorCode } from '../../errors.js';

/** Exit codes of the process. */
export const exitCodes = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** Distinguishes mistakes in the command from failures of the work. */
const exitCodeOf: Record<ErrorCode, number> = {
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
  cancelled: exitCodes.interrupted,
  internal: exitCodes.failed,
};

/** How a command ends after an error: the exit code, and one line to print, or null. */
export function describeFailure(thrown: unknown): { exitCode: number; line: string | null } {
  if (thrown instanceof CommanderError) {
    const exitCode = thrown.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    return { exitCode, line: null };
  }
  const { code, message } = toDuetError(thrown);
  return { exitCode: exitCodeOf[code], line: `duet: ${oneLine(message)}` };
}

/** Text on one line without control characters, so that untrusted text cannot control the terminal. */
export function oneLine(text: string): string {
  return text
    .replaceAll(/\s*\n\s*/g, ' ')
    .replaceAll(/\p{Cc}/gu, ' ')
    .trim();
}
