import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Runs the bench with these arguments in a process of its own whose threads are all profiled. The main
 * thread's profile goes to `file`, those of its workers beside it; returns them all. What ONNX Runtime
 * computes has no functions in them: it is the own time of its `run`.
 */
export async function profileBench(file: string, args: readonly string[]): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'duet-flame-'));
  try {
    const flags = ['--cpu-prof', `--cpu-prof-dir=${folder}`, '--import', 'tsx'];
    const command = [...flags, join(import.meta.dirname, 'main.ts'), ...args];
    const child = spawn(process.execPath, command, { stdio: 'inherit' });
    await once(child, 'close');
    if (child.exitCode !== 0) throw new Error('what was to be profiled failed');
    return await collect(folder, file);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function collect(folder: string, file: string): Promise<readonly string[]> {
  const found = (await readdir(folder)).sort((one, other) => threadOf(one) - threadOf(other));
  return Promise.all(
    found.map(async (name) => {
      const thread = threadOf(name);
      const to = thread === 0 ? file : `${file.replace(/\.cpuprofile$/, '')}-worker${thread}.cpuprofile`;
      await copyFile(join(folder, name), to);
      return to;
    }),
  );
}

/** Node names profiles CPU.date.time.process.thread.number.cpuprofile. */
function threadOf(name: string): number {
  return Number(name.split('.')[4]);
}
