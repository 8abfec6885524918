import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { runningProcesses } from '../e2e/running-processes.js';
import type { Dice } from '../fuzz/dice.js';

/**
 * The built `duet serve` with a folder for its records, to be killed and started again. It dies with this
 * process.
 */
export class KilledServer implements AsyncDisposable {
  readonly restartMs: number[] = [];
  readonly orphanMs: number[] = [];
  readonly #folder: string;
  #running: { readonly child: ChildProcess; readonly url: string } | null = null;
  readonly #onExit = (): void => {
    this.#running?.child.kill('SIGKILL');
  };

  constructor(folder: string) {
    this.#folder = folder;
    process.once('exit', this.#onExit);
  }

  get url(): string {
    if (this.#running === null) throw new Error('the server is not running');
    return this.#running.url;
  }

  /** Resolves at its first answer; rejects if it has none in half a minute. */
  async start(): Promise<void> {
    const started = performance.now();
    const args = ['serve', '--model', 'duet-nano', '--port', '0', '--workers', '1', '--record', this.#folder];
    const child = spawn(process.execPath, [command, ...args], {
      ...{ detached: true, stdio: ['ignore', 'pipe', 'pipe'] },
    });
    try {
      const url = await addressOf(child);
      this.#running = { child, url };
      await fetch(`${url}/v1/sessions`);
      this.restartMs.push(Math.round(performance.now() - started));
    } catch (thrown) {
      child.kill('SIGKILL');
      throw thrown;
    }
  }

  /** Kills it; resolves to a promise for the moment when its ffmpegs are gone, null if they never are. */
  async kill(): Promise<{ readonly orphansGone: Promise<number | null> }> {
    const child = this.#running?.child;
    if (child === undefined) throw new Error('the server is not running');
    this.#running = null;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    const killed = performance.now();
    child.kill('SIGKILL');
    await gone;
    return { orphansGone: this.#watchOrphans(child.pid, killed) };
  }

  /** Milliseconds from the kill until no ffmpeg was left; null after half a minute. */
  async #watchOrphans(group: number | undefined, killed: number): Promise<number | null> {
    while (performance.now() - killed < patienceMs) {
      const left = (await runningProcesses()).some((one) => one.group === group && isFfmpeg(one.command));
      const lived = Math.round(performance.now() - killed);
      if (!left) {
        this.orphanMs.push(lived);
        return lived;
      }
      await sleep(20);
    }
    return null;
  }

  /** Numbers of its ffmpeg processes, which belong to its process group. */
  decoders(): readonly number[] {
    const pid = this.#running?.child.pid;
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .filter((name) => {
        const [, comm = '', group] = /^\d+ \((.*)\) \S \d+ (\d+)/s.exec(statOf(name)) ?? [];
        return isFfmpeg(comm) && Number(group) === pid;
      })
      .map(Number);
  }

  killOne(decoders: readonly number[], dice: Dice): void {
    try {
      process.kill(dice.pick(decoders), 'SIGKILL');
    } catch {
      // It has just ended by itself.
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    process.off('exit', this.#onExit);
    const child = this.#running?.child;
    this.#running = null;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    if ((await Promise.race([gone, sleep(10_000)])) === undefined) child.kill('SIGKILL');
  }
}

const command = fileURLToPath(new URL('../../dist/server/cli/main.js', import.meta.url));
const patienceMs = 30_000;

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise<string>((resolve, reject) => {
    let said = '';
    const fail = (how: string): void => {
      reject(new Error(`the server did not start: ${how}: ${said.trim()}`));
    };
    const timer = setTimeout(() => {
      fail('it was not listening after half a minute');
    }, patienceMs);
    child.once('exit', (code) => {
      clearTimeout(timer);
      fail(`exit code ${code}`);
    });
    const hear = (data: Buffer): void => {
      said = (said + data.toString()).slice(-4000);
      const found = /listening on (http:\S+)/.exec(said)?.[1];
      if (found === undefined) return;
      clearTimeout(timer);
      resolve(found);
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
  });
}

function isFfmpeg(name: string): boolean {
  return name === 'ffmpeg';
}

function statOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return '';
  }
}
