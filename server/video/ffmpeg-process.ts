import { PassThrough } from 'node:stream';
import type { Readable } from 'node:stream';

import ffmpeg from 'fluent-ffmpeg';

/** One ffmpeg run: a single input, raw pictures on stdout. */
export interface FfmpegJob {
  /** Path of the ffmpeg program. One per process: fluent-ffmpeg keeps it in one place for all its commands. */
  readonly binary: string;
  /** What follows `-i`: a `file:` path or a URL. */
  readonly input: string;
  readonly inputOptions: readonly string[];
  readonly filters: readonly string[];
  readonly outputOptions: readonly string[];
  /** Bytes of output read ahead of the reader, so that decoding goes on while the reader works. */
  readonly readAheadBytes: number;
  /** Called with every line of stderr, in order. */
  readonly onLine: (line: string) => void;
}

/** How a run ended: by itself, or broken (an exit code, a missing program), or because it was killed by {@link FfmpegProcess.kill}. */
export type FfmpegExit =
  | { readonly type: 'done' }
  | { readonly type: 'failed'; readonly error: Error }
  | { readonly type: 'killed' };

/** A running ffmpeg. */
export interface FfmpegProcess {
  /** Raw bytes; not reading them holds ffmpeg back. */
  readonly output: Readable;
  /** Resolves, never rejects, when the process is gone and its last line was read. */
  readonly exit: Promise<FfmpegExit>;
  /** Kills the process and waits until it is gone; harmless when it is gone already. */
  kill(): Promise<void>;
}

/**
 * fluent-ffmpeg asks every program for its formats and encoders before the first command, which costs 330-700 ms and fails on the lists of newer
 * releases. What we write is known, so its questions are answered here.
 */
const knownCapabilities = {
  availableFormats: (
    answer: (error: null, formats: Record<string, { canMux: boolean; canDemux: boolean }>) => void,
  ) => {
    answer(null, { rawvideo: { canMux: true, canDemux: true } });
  },
  availableEncoders: (answer: (error: null, encoders: Record<string, never>) => void) => {
    answer(null, {});
  },
};

type EndOfRun = (error?: Error, stdout?: LineRing, stderr?: LineRing) => void;
type LineRing = { get: () => string };
type Spawn = (this: unknown, args: string[], options: object, onProcess: unknown, onEnd: EndOfRun) => void;

const emptyRing: LineRing = { get: () => '' };

/**
 * When a program cannot be started (it is missing, or no file descriptors are left) fluent-ffmpeg reads the output it does not have, and the
 * TypeError, thrown in a callback, would end the whole server. Here it becomes the error of this run.
 */
const safeSpawn: { _spawnFfmpeg: Spawn } = {
  _spawnFfmpeg(args, options, onProcess, onEnd) {
    const end: EndOfRun = (error, stdout, stderr) => {
      onEnd(error, stdout ?? emptyRing, stderr ?? emptyRing);
    };
    const { _spawnFfmpeg: spawn } = Object.getPrototypeOf(this) as { _spawnFfmpeg: Spawn };
    try {
      spawn.call(this, args, options, onProcess, end);
    } catch (thrown) {
      end(thrown instanceof Error ? thrown : new Error(String(thrown)));
    }
  },
};

/** Starts ffmpeg with a job. */
export function startFfmpeg(job: FfmpegJob): FfmpegProcess {
  // Without 'close' events: fluent-ffmpeg would take one for a reader that left, and 20 ms later report an error of a run that is ending well.
  const output = new PassThrough({ highWaterMark: job.readAheadBytes, autoDestroy: false, emitClose: false });
  const command = Object.assign(ffmpeg(job.input), knownCapabilities, safeSpawn)
    .setFfmpegPath(job.binary)
    .inputOptions([...job.inputOptions])
    .videoFilters([...job.filters])
    .outputOptions([...job.outputOptions])
    .format('rawvideo')
    .output(output, { end: true });
  let killed = false;
  const exit = new Promise<FfmpegExit>((resolve) => {
    command.on('stderr', job.onLine);
    command.on('end', () => {
      resolve({ type: 'done' });
    });
    command.on('error', (error: Error) => {
      if (!output.writableEnded) output.end();
      resolve(killed ? { type: 'killed' } : { type: 'failed', error });
    });
    // A kill may come before the process is there.
    command.on('start', () => {
      if (killed) command.kill('SIGKILL');
    });
  });
  command.run();
  const kill = async () => {
    killed = true;
    command.kill('SIGKILL');
    await exit;
  };
  return { output, exit, kill };
}
