import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { freePort } from '../support/live-senders.js';
import { DuetProcess } from './duet-process.js';

/** A server that keeps records, and can be killed and started again at its address. */
export class RestartedServer {
  readonly #args: readonly string[];
  #duet: DuetProcess | null = null;

  private constructor(args: readonly string[]) {
    this.#args = args;
  }

  static async create(...more: readonly string[]): Promise<RestartedServer> {
    const folder = await mkdtemp(join(tmpdir(), 'duet-restart-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const port = String(await freePort());
    return new RestartedServer(['serve', '--port', port, '--workers', '1', '--record', folder, ...more]);
  }

  /** Resolves with its address once it listens. */
  async start(): Promise<string> {
    this.#duet = new DuetProcess(this.#args);
    const [, url = ''] = await this.#duet.says(/listening on (http:\S+)/);
    return url;
  }

  /** Kills it and all its processes with SIGKILL, or has it stop by itself. */
  async kill(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    this.#duet?.child.kill(signal);
    await this.#duet?.ended;
  }
}
