import { exitCodes } from './exit-code.js';

/** Error codes of writing to a pipe whose reader has gone, on Windows too. */
const goneReader = new Set(['EPIPE', 'EOF', 'ERR_STREAM_DESTROYED']);

/**
 * Lets the reader of a command's output leave quietly (`| head -1`), as other tools do: remaining output is
 * dropped, remaining work is done. Any other failure of standard output (a full disk) is reported in one line
 * and fails the command.
 */
export function ignoreClosedPipes(): void {
  process.stderr.on('error', () => undefined);
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (goneReader.has(error.code ?? '')) return;
    process.exitCode = exitCodes.failed;
    process.stderr.write(`duet: the output could not be written: ${error.message}\n`);
  });
}
