import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import type { Writable } from 'node:stream';

/**
 * Makes sure that a child process does not outlive this one, even when this one is killed. A child that waits
 * for the network or computes for a long time would not notice by itself.
 *
 * A separate guard process watches all children; it starts with the first child and ends with this process.
 * It works the same on every system.
 */
export function endWithServer(id: number, child: ChildProcess): void {
  guarded.add(id);
  if (guard === undefined) guard = startGuard(guarded);
  else guard.write(`+${id}\n`);
  child.once('exit', () => {
    guarded.delete(id);
    guard?.write(`-${id}\n`);
  });
}

/**
 * The guard's program: it keeps a list of processes and kills them when its input ends, which happens when
 * this process closes it or dies. Inlined so that it runs the same from sources and from the build.
 */
const program = `
  const ids = new Set();
  let rest = '';
  process.stdin.setEncoding('utf8').on('data', (text) => {
    const lines = (rest + text).split('\\n');
    rest = lines.pop();
    for (const line of lines) {
      if (line.startsWith('+')) ids.add(Number(line.slice(1)));
      else ids.delete(Number(line.slice(1)));
    }
  }).on('end', () => {
    for (const id of ids) try { process.kill(id, 'SIGKILL'); } catch {}
    process.exit(0);
  });`;

let guard: Writable | undefined;
const guarded = new Set<number>();

function startGuard(ids: Iterable<number>): Writable | undefined {
  // The guard needs no debugger or loader options from this process, and `detached` keeps Ctrl-C away from
  // it.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => name !== 'NODE_OPTIONS'));
  const child = spawn(process.execPath, ['-e', program], {
    ...{ env, detached: true, windowsHide: true },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const forget = () => {
    guard = undefined;
  };
  // If the guard cannot start or is killed, the next child starts a new one with all living children.
  child.on('error', forget).on('exit', forget);
  // For example too many open files, in which case there is no pipe either.
  if (child.pid === undefined) return undefined;
  child.stdin.on('error', forget);
  for (const id of ids) child.stdin.write(`+${id}\n`);
  child.unref();
  if (child.stdin instanceof Socket) child.stdin.unref();
  return child.stdin;
}
