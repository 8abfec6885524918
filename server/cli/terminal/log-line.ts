import { DuetError } from '../../errors.js';
import { oneLine } from './exit-code.js';

/** Longest line, in UTF-16 code units: the end of a stack is rarely useful. */
const longest = 2000;

/** Writes one line with the time to stderr. Must not contain what users wrote. */
export function logLine(message: string, cause?: unknown): void {
  const detail = cause === undefined ? '' : `: ${describeCause(cause)}`;
  process.stderr.write(`${new Date().toISOString()} ${oneLine(message + detail).slice(0, longest)}\n`);
}

/** Errors with a code need no stack; unexpected ones do. */
function describeCause(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : null;
  if (code !== null && (cause instanceof DuetError || !isInternal(code))) return `${code}: ${cause.message}`;
  return cause.stack ?? cause.message;
}

/** Node's errors about invalid arguments are our bugs, although they have a code. */
function isInternal(code: string): boolean {
  return code.startsWith('ERR_');
}
