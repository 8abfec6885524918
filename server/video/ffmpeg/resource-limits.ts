import { existsSync } from 'node:fs';
import { availableParallelism, constants, setPriority } from 'node:os';

/**
 * Bounds a program's memory where the system allows it: on Linux through the shell's `ulimit`; the shell then
 * execs the program, so process id, signals and exit code are the program's. macOS has no such limit and
 * Windows no such shell; there only `-max_alloc` applies.
 */
export function limitedCommand(program: string, args: readonly string[]): Command {
  const env = withoutProxies(process.env);
  if (process.platform !== 'linux' || !existsSync(shell)) return { command: program, args: [...args], env };
  const script = `ulimit -v ${maxMemory / 1024} 2>/dev/null; ulimit -c 0 2>/dev/null; exec "$@"`;
  return { command: shell, args: ['-c', script, 'sh', program, ...args], env };
}

/**
 * Most pixels of a decoded picture, in any shape (4K has 8.8 million); a file of 97 KB can declare one that
 * fills the memory.
 */
export const maxPixels = 4096 * 4096;

/** Bytes of address space an ffmpeg may have: HEVC of 5760 x 2880 at 10 bits on four threads takes 1.3 GB. */
const maxMemory = 3 * 1024 ** 3;

/** Largest single allocation in bytes: twice a picture of the largest size with 16 bits a channel. */
const maxAllocation = 512 * 1024 ** 2;

/** Threads of one decoder: beyond four they cost memory (each holds pictures) and save little time. */
const threads = Math.min(4, availableParallelism());

/** Options before the input that bound the resources any video can use. */
export const resourceLimitOptions: readonly string[] = [
  ...['-max_pixels', String(maxPixels)],
  ...['-max_alloc', String(maxAllocation)],
  ...['-filter_threads', String(threads)],
  ...['-threads', String(threads)],
];

/** A command to start. */
interface Command {
  readonly command: string;
  readonly args: string[];
  readonly env: NodeJS.ProcessEnv;
}

const shell = '/bin/sh';

/** Decoding yields to the server. Failing to change the priority is harmless. */
export function lowerPriority(processId: number): void {
  try {
    setPriority(processId, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // The process has already ended, or the system does not allow it.
  }
}

/** ffmpeg reads only files and our own gateway, so a proxy from the environment must not come between. */
function withoutProxies(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !/^(https?|all|no)_proxy$/i.test(name)),
  );
}
