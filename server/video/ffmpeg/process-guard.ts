import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import type { Writable } from 'node:stream';

/**
 * Makes sure that a child process does not outlive this one, even when this one is killed and can do nothing
 * more. A child that waits for the network or computes for long would not notice by itself.
 *
 * A process of its own watches over all children; it starts with the first of them, and ends with this
 * process. It works alike on all systems.
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
 * What the guard runs: it keeps a list of processes, and when its input ends, because this process has closed
 * it or is gone, it kills them. Written out here so that it runs the same from sources and from the build.
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
  // The guard needs none of what debuggers and loaders add to this process, nor the terminal's Ctrl-C, hence
  // `detached`.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => name !== 'NODE_OPTIONS'));
  const child = spawn(process.execPath, ['-e', program], {
    ...{ env, detached: true, windowsHide: true },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const forget = () => {
    guard = undefined;
  };
  // If it cannot be started, or is killed, the next child starts a new guard with all living children.
  child.on('error', forget).on('exit', forget);
  // Such as too many open files, with which there is no pipe either.
  if (child.pid === undefined) return undefined;
  child.stdin.on('error', forget);
  for (const id of ids) child.stdin.write(`+${id}\n`);
  child.unref();
  if (child.stdin instanceof Socket) child.stdin.unref();
  return child.stdin;
}
