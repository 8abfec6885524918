import { oneLine } from '../../server/cli/exit-code.js';

/** Says something on standard error, where the progress is. */
export function tell(message: string): void {
  process.stderr.write(`figures: ${oneLine(message)}\n`);
}
