import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildModel } from '../../../server/builder/build-model.js';
import { parityFolder } from './parity-session.js';

/** Model folders built from the parity fixtures, in a folder that is removed with them. */
export class ParityModels implements AsyncDisposable {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async create(): Promise<ParityModels> {
    return new ParityModels(await mkdtemp(join(tmpdir(), 'duet-runtime-')));
  }

  /** Builds a fixture's checkpoint, with its adapter where it has one, and gives the model folder. */
  async build(checkpoint: string, adapter: string | null = null): Promise<string> {
    const output = join(this.#folder, checkpoint);
    await buildModel({
      checkpoint: join(parityFolder, checkpoint),
      ...(adapter === null ? {} : { adapter: join(parityFolder, adapter) }),
      precision: 'fp32',
      output,
    });
    return output;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}
