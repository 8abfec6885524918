import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** A process of this machine, and the process group it belongs to. */
export interface RunningProcess {
  readonly group: number;
  readonly command: string;
}

/**
 * Every process that is alive (zombies are not). Read from /proc where there is one, since slim images have
 * no `ps`.
 */
export async function runningProcesses(): Promise<readonly RunningProcess[]> {
  const lines = process.platform === 'linux' ? await linesOfProc() : await linesOfPs();
  return lines.flatMap((line) => {
    const [, command, state, group] = /^\d+ \((.*)\) (\S) \d+ (\d+)/s.exec(line) ?? [];
    return command === undefined || state === 'Z' ? [] : [{ group: Number(group), command }];
  });
}

async function linesOfProc(): Promise<string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  // A process may end between the two looks.
  return Promise.all(ids.map((id) => readFile(`/proc/${id}/stat`, 'utf8').catch(() => '')));
}

/** In the order of /proc/ID/stat: id, (command), state, parent, group. */
async function linesOfPs(): Promise<string[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,stat=,ppid=,pgid=,comm=']);
  return stdout.split('\n').map((line) => {
    const [id = '', state = '', parent = '', group = '', ...command] = line.trim().split(/\s+/);
    return `${id} (${command.join(' ').replace(/.*\//, '')}) ${state.slice(0, 1)} ${parent} ${group}`;
  });
}
