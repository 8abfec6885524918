import { DuetError } from '../errors.js';
import { oneLine } from './exit-code.js';

/** Longest line about one thing, in UTF-16 code units: where a stack ends is rarely of use. */
const longest = 2000;

/** Writes to stderr, with the time. Always one line; never what users wrote. */
export function logLine(message: string, cause?: unknown): void {
  const detail = cause === undefined ? '' : `: ${describeCause(cause)}`;
  process.stderr.write(`${new Date().toISOString()} ${oneLine(message + detail).slice(0, longest)}\n`);
}

/** What a library or the system names by a code needs no stack; what nobody expected does. */
function describeCause(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : null;
  if (code !== null && (cause instanceof DuetError || !isInternal(code))) return `${code}: ${cause.message}`;
  return cause.stack ?? cause.message;
}

/** Node's own complaints about wrong arguments are our bugs, whatever their code. */
function isInternal(code: string): boolean {
  return code.startsWith('ERR_');
}
