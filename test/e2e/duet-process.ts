import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { runningProcesses } from './running-processes.js';

/** The built command, as `npx duet` runs it. */
export const duetCommand = fileURLToPath(new URL('../../dist/server/cli/main.js', import.meta.url));

/** How a process ended, and all it said. */
export interface Ended {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A `duet` process in a process group of its own, so that whatever it leaves behind can be found. */
export class DuetProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  #stdout = '';
  #stderr = '';
  #heard: () => void = () => undefined;

  constructor(args: readonly string[], environment: Readonly<Record<string, string>> = {}, folder?: string) {
    const env = { ...process.env, ...environment };
    this.child = spawn(process.execPath, [duetCommand, ...args], { detached: true, env, cwd: folder });
    this.child.stdout?.on('data', (data: Buffer) => {
      this.#stdout += data.toString();
      this.#heard();
    });
    this.child.stderr?.on('data', (data: Buffer) => {
      this.#stderr += data.toString();
      this.#heard();
    });
    this.ended = once(this.child, 'close').then(([exitCode, signal]: unknown[]) => ({
      exitCode: exitCode as number | null,
      signal: signal as NodeJS.Signals | null,
      stdout: this.#stdout,
      stderr: this.#stderr,
    }));
    onTestFinished(() => {
      this.#kill();
    });
  }

  /** Resolves with what a pattern finds on stdout; rejects when the process ends first. */
  says(pattern: RegExp): Promise<RegExpExecArray> {
    return this.#finds(pattern, () => this.#stdout);
  }

  /** The same for stderr. */
  complains(pattern: RegExp): Promise<RegExpExecArray> {
    return this.#finds(pattern, () => this.#stderr);
  }

  async #finds(pattern: RegExp, text: () => string): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(text());
      if (found) return found;
      const heard = new Promise<null>((resolve) => {
        this.#heard = () => {
          resolve(null);
        };
      });
      const ended = await Promise.race([heard, this.ended]);
      if (ended && !pattern.test(text())) {
        throw new Error(`ended without saying ${String(pattern)}: ${JSON.stringify(ended)}`);
      }
    }
  }

  /** The commands that run in the process's group now, its own included. */
  async family(): Promise<string[]> {
    const all = await runningProcesses();
    return all.filter(({ group }) => group === this.child.pid).map(({ command }) => command);
  }

  #kill(): void {
    try {
      if (this.child.pid !== undefined) process.kill(-this.child.pid, 'SIGKILL');
    } catch {
      // Nothing of it is left.
    }
  }
}

/** Runs `duet` to its end, in the present working folder or another. */
export function runDuet(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  folder?: string,
): Promise<Ended> {
  return new DuetProcess(args, environment, folder).ended;
}
