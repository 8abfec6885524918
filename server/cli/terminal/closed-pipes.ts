import { exitCodes } from './exit-code.js';

/** Error codes for writing to a closed pipe, including those of Windows. */
const goneReader = new Set(['EPIPE', 'EOF', 'ERR_STREAM_DESTROYED']);

/**
 * Ignores a closed output pipe (`| head -1`), as other tools do: the work continues and further output is
 * dropped. Any other failure of standard output (a full disk) is reported in one line and fails the command.
 */
export function ignoreClosedPipes(): void {
  process.stderr.on('error', () => undefined);
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (goneReader.has(error.code ?? '')) return;
    process.exitCode = exitCodes.failed;
    process.stderr.write(`duet: the output could not be written: ${error.message}\n`);
  });
}
