import { existsSync } from 'node:fs';
import { availableParallelism, constants, setPriority } from 'node:os';

/**
 * Bounds the memory of a program where that can be had: on Linux by the shell's `ulimit`, after which the
 * shell becomes the program, so that process id, signals and exit code are its own. macOS knows no such
 * limit, and Windows no such shell; there `-max_alloc` must do.
 */
export function confined(program: string, args: readonly string[]): Command {
  const env = withoutProxies(process.env);
  if (process.platform !== 'linux' || !existsSync(shell)) return { command: program, args: [...args], env };
  const script = `ulimit -v ${maxMemory / 1024} 2>/dev/null; ulimit -c 0 2>/dev/null; exec "$@"`;
  return { command: shell, args: ['-c', script, 'sh', program, ...args], env };
}

/**
 * Pixels of the largest picture decoded, any shape (4K has 8.8 million); a file of 97 KB can declare one that
 * fills the memory.
 */
export const maxPixels = 4096 * 4096;

/** Bytes of address space an ffmpeg may have: HEVC of 5760 x 2880 at 10 bits on four threads takes 1.3 GB. */
const maxMemory = 3 * 1024 ** 3;

/**
 * Bytes of the largest single piece of memory it may ask for: a picture of the largest size with 16 bits a
 * channel fits twice.
 */
const maxAllocation = 512 * 1024 ** 2;

/** Threads of one decoder: beyond four they cost memory (each holds pictures) and save little time. */
const threads = Math.min(4, availableParallelism());

/** Options before the input that bound what any video, however it is made, can take of this machine. */
export const confiningOptions: readonly string[] = [
  ...['-max_pixels', String(maxPixels)],
  ...['-max_alloc', String(maxAllocation)],
  ...['-filter_threads', String(threads)],
  ...['-threads', String(threads)],
];

/** A command to be started. */
interface Command {
  readonly command: string;
  readonly args: string[];
  readonly env: NodeJS.ProcessEnv;
}

const shell = '/bin/sh';

/** The server goes before decoding. Failing to change the priority is harmless. */
export function lowerPriority(processId: number): void {
  try {
    setPriority(processId, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It has ended already, or the system forbids it.
  }
}

/** ffmpeg reads from files and from our own gateway; a proxy of the environment has no part in that. */
function withoutProxies(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !/^(https?|all|no)_proxy$/i.test(name)),
  );
}
