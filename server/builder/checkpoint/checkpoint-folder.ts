import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { DuetError } from '../../errors.js';
import { exists, readCheckedJson } from '../json-file.js';
import type { ElementType } from '../../runtime/tensors/element-type.js';
import { SafetensorsFile } from '../../runtime/tensors/safetensors-file.js';
import type { WeightSource } from './weight-source.js';

/** All tensors of a checkpoint folder, single file or sharded, as one source. */
export class CheckpointFolder implements WeightSource, AsyncDisposable {
  readonly names: ReadonlySet<string>;
  readonly #holders: ReadonlyMap<string, SafetensorsFile>;
  /** All open files, including those without a tensor. */
  readonly #files: readonly SafetensorsFile[];

  private constructor(holders: ReadonlyMap<string, SafetensorsFile>, files: readonly SafetensorsFile[]) {
    this.#holders = holders;
    this.#files = files;
    this.names = new Set(holders.keys());
  }

  /**
   * Opens `model.safetensors`, or the shards that `model.safetensors.index.json` lists.
   * Throws `DuetError` 'not_found' or 'invalid_request' naming the file.
   */
  static async open(folder: string): Promise<CheckpointFolder> {
    const indexPath = join(folder, 'model.safetensors.index.json');
    if (await exists(indexPath)) return CheckpointFolder.#openShards(folder, indexPath);
    const single = join(folder, 'model.safetensors');
    if (!(await exists(single))) throw await noWeights(folder);
    const file = await SafetensorsFile.open(single);
    return new CheckpointFolder(new Map([...file.tensors.keys()].map((name) => [name, file])), [file]);
  }

  static async #openShards(folder: string, indexPath: string): Promise<CheckpointFolder> {
    const { weight_map: shardOf } = await readCheckedJson(indexPath, indexSchema);
    const shards = new Map<string, SafetensorsFile>();
    const holders = new Map<string, SafetensorsFile>();
    try {
      for (const [name, shardName] of Object.entries(shardOf)) {
        if (!/^[\w][\w.-]*$/.test(shardName)) {
          throw new DuetError(
            'invalid_request',
            `${indexPath} names the shard "${shardName.slice(0, 200)}" ` +
              'outside its folder, or it is not a plain file name.',
          );
        }
        if (shards.size > maxShards) {
          throw new DuetError('invalid_request', `${indexPath} names more than ${maxShards} shards.`);
        }
        const shard = shards.get(shardName) ?? (await SafetensorsFile.open(join(folder, shardName)));
        shards.set(shardName, shard);
        if (!shard.tensors.has(name)) {
          throw new DuetError(
            'invalid_request',
            `${indexPath} places "${name}" in ${shardName}, which lacks it.`,
          );
        }
        holders.set(name, shard);
      }
    } catch (error) {
      for (const shard of shards.values()) await shard[Symbol.asyncDispose]();
      throw error;
    }
    return new CheckpointFolder(holders, [...shards.values()]);
  }

  shape(name: string): readonly number[] {
    return this.#holder(name).tensors.get(name)?.shape ?? [];
  }

  type(name: string): ElementType {
    return this.#holder(name).tensors.get(name)?.type ?? 'F32';
  }

  read(name: string, start: number, count: number): Promise<Float32Array> {
    return this.#holder(name).read(name, start, count);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const file of this.#files) await file[Symbol.asyncDispose]();
  }

  #holder(name: string): SafetensorsFile {
    const holder = this.#holders.get(name);
    if (!holder)
      throw new DuetError(
        'invalid_request',
        `The checkpoint lacks the tensor "${name}"; does an adapter hold ` +
          'it, or does config.json belong to another model?',
      );
    return holder;
  }
}

/** Most files held open at once. */
const maxShards = 500;

const indexSchema = z.object({ weight_map: z.record(z.string(), z.string()) });

async function noWeights(folder: string): Promise<DuetError> {
  const files = await readdir(folder).catch(() => undefined);
  if (!files) return new DuetError('not_found', `There is no checkpoint folder ${folder}.`);
  const hasOther = files.some((name) => name.endsWith('.bin') || name.endsWith('.pt'));
  const remedy = hasOther
    ? 'save the checkpoint as safetensors'
    : 'it needs model.safetensors or model.safetensors.index.json';
  return new DuetError('not_found', `${folder} has no safetensors weights: ${remedy}.`);
}
