import { exitCodes } from './exit-code.js';

/** What writing into a pipe that nobody reads any more says, on Windows too. */
const goneReader = new Set(['EPIPE', 'EOF', 'ERR_STREAM_DESTROYED']);

/**
 * Lets the reader of what a command prints leave (`| head -1`) without a word, as other tools do: what is
 * left to print is dropped, what is left to do is done. Any other trouble with standard output (a full disk)
 * is said in one line, and the command has failed.
 */
export function letReadersLeave(): void {
  process.stderr.on('error', () => undefined);
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (goneReader.has(error.code ?? '')) return;
    process.exitCode = exitCodes.failed;
    process.stderr.write(`duet: the output could not be written: ${error.message}\n`);
  });
}
