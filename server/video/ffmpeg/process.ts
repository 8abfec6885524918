import { spawn } from 'node:child_process';
import type { ChildProcess, ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { PassThrough, pipeline, Readable } from 'node:stream';
import type { Writable } from 'node:stream';
import { createInterface } from 'node:readline';

import ffmpeg from 'fluent-ffmpeg';

import { limitedCommand, lowerPriority } from './resource-limits.js';
import { endWithServer } from './process-guard.js';

/**
 * Starts ffmpeg with resource limits and at low priority; it does not outlive this process.
 *
 * fluent-ffmpeg only builds the command line. It does not run it: when a process dies, it reports whichever
 * of its own streams breaks first.
 */
export function startFfmpeg(job: FfmpegJob): FfmpegProcess {
  const output = new PassThrough({ highWaterMark: job.readAheadBytes });
  const { command, args, env } = limitedCommand(job.binary, argumentsOf(job));
  let child: ChildProcessByStdio<Writable | null, Readable, Readable>;
  try {
    const options = { env: { ...env, ...job.environment }, windowsHide: true };
    child =
      job.bytes === undefined
        ? spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
        : spawn(command, args, { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
  } catch (thrown) {
    // For example an argument with a NUL byte, or too many arguments.
    return neverStarted(output, thrown);
  }
  // For example too many open files: there may be no pipes either, and the error event is still to come.
  if (child.pid === undefined) {
    const error = once(child, 'error').then(([thrown]): unknown => thrown);
    return neverStarted(output, error);
  }
  lowerPriority(child.pid);
  endWithServer(child.pid, child);
  child.stdout.pipe(output);
  // ffmpeg may end before its input does; how it ended says why.
  if (job.bytes !== undefined && child.stdin !== null) {
    pipeline(Readable.from(job.bytes, { objectMode: false }), child.stdin, () => undefined);
  }
  let killed = false;
  const exit = exitOf(child, job).then((found): FfmpegExit => {
    output.end();
    return killed && found.type !== 'done' ? { type: 'killed' } : found;
  });
  const kill = async () => {
    killed = true;
    child.kill('SIGKILL');
    // Nobody reads any more. An unread pipe, or one still held by a wrapper script's child, would hide the
    // end of the process.
    child.stdout.destroy();
    child.stderr.destroy();
    await exit;
  };
  return { output, exit, kill };
}

/** One ffmpeg run: a single input, raw pictures on stdout. */
interface FfmpegJob {
  /** Path of the ffmpeg program. */
  readonly binary: string;
  /** The value of `-i`: a `file:` path or a URL. */
  readonly input: string;
  readonly inputOptions: readonly string[];
  /** What it reads from its standard input; default nothing. */
  readonly bytes?: AsyncIterable<Uint8Array> | undefined;
  /** Variables added to the environment. */
  readonly environment: Readonly<Record<string, string>>;
  readonly filters: readonly string[];
  readonly outputOptions: readonly string[];
  /** Bytes of output to read ahead, so that decoding continues while the reader works. */
  readonly readAheadBytes: number;
  /** Called with every line of stderr, in order. */
  readonly onLine: (line: string) => void;
}

/**
 * How a run ended.
 *
 * - `done`: ffmpeg finished successfully.
 * - `failed`: ffmpeg gave up (the error has its exit code), or could not be started.
 * - `crashed`: a signal that we did not send ended it: a fault of its own, another program, or the system
 *   running out of memory.
 * - `killed`: by {@link FfmpegProcess.kill}.
 */
type FfmpegExit =
  | { readonly type: 'done' }
  | { readonly type: 'failed'; readonly error: Error }
  | { readonly type: 'crashed'; readonly signal: string }
  | { readonly type: 'killed' };

/** A running ffmpeg. */
export interface FfmpegProcess {
  /** Raw bytes; not reading them holds ffmpeg back. Ends, and never fails, when the process is gone. */
  readonly output: Readable;
  /** Resolves, never rejects, when the process is gone and its last line has been read. */
  readonly exit: Promise<FfmpegExit>;
  /** Kills the process and waits until it is gone; harmless if it is gone already. */
  kill(): Promise<void>;
}

function argumentsOf(job: FfmpegJob): string[] {
  const command = ffmpeg(job.input)
    .inputOptions([...job.inputOptions])
    .videoFilters([...job.filters])
    .outputOptions([...job.outputOptions])
    .format('rawvideo')
    .output('pipe:1');
  return (command as unknown as { _getArguments: () => string[] })._getArguments();
}

/** Resolves when the process is gone and its last line has been read. */
function exitOf(child: ChildProcess & { stderr: Readable }, job: FfmpegJob): Promise<FfmpegExit> {
  let caught: string | undefined;
  const lines = createInterface({ input: child.stderr, crlfDelay: Infinity });
  lines.on('line', (line) => {
    // ffmpeg catches SIGTERM and the like, reports them, and exits as if it had failed.
    caught = /Exiting normally, received signal (\d+)/.exec(line)?.[1] ?? caught;
    job.onLine(line);
  });
  return new Promise((resolve) => {
    // The kill failed: the process continues, or is already gone.
    child.on('error', () => undefined);
    child.once('close', (code, signal) => {
      if (signal !== null) resolve({ type: 'crashed', signal });
      else if (code === 0) resolve({ type: 'done' });
      else if (code === 255 && caught !== undefined) resolve({ type: 'crashed', signal: `signal ${caught}` });
      else resolve({ type: 'failed', error: exitError(code, job.binary) });
    });
  });
}

/** The shell that confines ffmpeg reports a missing or non-executable program with its own exit codes. */
function exitError(code: number | null, binary: string): Error {
  if (code === 127) return new Error(`there is no program ${binary} (ENOENT)`);
  if (code === 126) return new Error(`the program ${binary} may not be run (EACCES)`);
  return new Error(`ffmpeg exited with code ${String(code)}`);
}

function neverStarted(output: PassThrough, thrown: unknown): FfmpegProcess {
  output.end();
  const exit = Promise.resolve(thrown).then((error): FfmpegExit => {
    return { type: 'failed', error: error instanceof Error ? error : new Error(String(error)) };
  });
  return { output, exit, kill: () => exit.then(() => undefined) };
}
