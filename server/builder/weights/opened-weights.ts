import { CheckpointFolder } from '../checkpoint/checkpoint-folder.js';
import { LoraAdapter } from './lora-adapter.js';
import { MergedWeights } from './merged-weights.js';

/** The weights of a checkpoint and its adapter, held open. */
export class OpenedWeights implements AsyncDisposable {
  readonly merged: MergedWeights;
  readonly #checkpoint: CheckpointFolder;
  readonly #adapter: LoraAdapter | undefined;

  private constructor(checkpoint: CheckpointFolder, adapter: LoraAdapter | undefined) {
    this.#checkpoint = checkpoint;
    this.#adapter = adapter;
    this.merged = new MergedWeights(checkpoint, adapter);
  }

  /** Opens both folders. Throws `DuetError` naming the file, field or tensor that is missing or wrong. */
  static async open(from: WeightFolders): Promise<OpenedWeights> {
    const checkpoint = await CheckpointFolder.open(from.checkpoint);
    let adapter: LoraAdapter | undefined;
    try {
      adapter = from.adapter === undefined ? undefined : await LoraAdapter.open(from.adapter);
      return new OpenedWeights(checkpoint, adapter);
    } catch (error) {
      await adapter?.[Symbol.asyncDispose]();
      await checkpoint[Symbol.asyncDispose]();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#adapter?.[Symbol.asyncDispose]();
    await this.#checkpoint[Symbol.asyncDispose]();
  }
}

/** Folders of a checkpoint and, if it has one, its adapter. */
interface WeightFolders {
  readonly checkpoint: string;
  readonly adapter?: string | undefined;
}
