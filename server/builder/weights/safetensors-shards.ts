import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuetError } from '../../errors.js';
import { elementBytes, narrow, type ElementType } from '../../runtime/tensors/element-type.js';
import type { WritingWatch } from './weight-file.js';

/**
 * Writes tensors into `model-00001-of-...safetensors` and their index, in the given order, piece by piece. A
 * file holds at most `shardBytes` unless one tensor alone is larger. Throws 'cancelled' when the signal
 * fires.
 */
export async function writeShards(
  folder: string,
  tensors: readonly TensorToWrite[],
  watch: WritingWatch = {},
  shardBytes = defaultShardBytes,
): Promise<void> {
  const shards = divide(tensors, shardBytes);
  const weightMap: Record<string, string> = {};
  for (const [index, shard] of shards.entries()) {
    const file = `model-${padded(index + 1)}-of-${padded(shards.length)}.safetensors`;
    for (const { name } of shard) weightMap[name] = file;
    await writeTensors(join(folder, file), shard, watch);
  }
  const total = tensors.reduce((sum, tensor) => sum + bytesOfTensor(tensor), 0);
  const index = { metadata: { total_size: total }, weight_map: weightMap };
  await writeFile(join(folder, 'model.safetensors.index.json'), `${JSON.stringify(index, null, 2)}\n`);
}

/** A tensor that is about to be written. */
export interface TensorToWrite {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  /** Its elements, row-major, in the bytes of its type. */
  readonly pieces: () => AsyncIterable<Uint8Array>;
}

/** A tensor that is in memory as a whole. */
export function wholeTensor(
  name: string,
  type: ElementType,
  shape: readonly number[],
  values: Float32Array,
): TensorToWrite {
  async function* pieces(): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(narrow(values, type));
  }
  return { name, type, shape, pieces };
}

/** Bytes of a tensor's elements. */
export function bytesOfTensor({ type, shape }: Pick<TensorToWrite, 'type' | 'shape'>): number {
  return shape.reduce((product, size) => product * size, 1) * elementBytes[type];
}

/** The size up to which hubs take files without ado. */
const defaultShardBytes = 4_500_000_000;

/** Writes one safetensors file. Throws 'cancelled' when the signal fires. */
export async function writeTensors(
  path: string,
  tensors: readonly TensorToWrite[],
  watch: WritingWatch = {},
): Promise<void> {
  const file = await open(path, 'wx');
  try {
    const header = headerOf(tensors);
    await file.write(header);
    for (const tensor of tensors) {
      let bytes = 0;
      for await (const piece of tensor.pieces()) {
        if (watch.signal?.aborted) {
          throw new DuetError('cancelled', 'The writing was cancelled.', { cause: watch.signal.reason });
        }
        await file.write(piece);
        bytes += piece.byteLength;
        watch.onBytes?.(piece.byteLength);
      }
      if (bytes !== bytesOfTensor(tensor)) {
        throw new DuetError('internal', `"${tensor.name}" came out as ${bytes} bytes.`);
      }
    }
  } finally {
    await file.close();
  }
}

function headerOf(tensors: readonly TensorToWrite[]): Buffer {
  const entries: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  let end = 0;
  for (const tensor of tensors) {
    const begin = end;
    end += bytesOfTensor(tensor);
    entries[tensor.name] = { dtype: tensor.type, shape: tensor.shape, data_offsets: [begin, end] };
  }
  const text = Buffer.from(JSON.stringify(entries));
  // Padded with spaces, so that the elements begin at a multiple of eight.
  const header = Buffer.alloc(8 + Math.ceil(text.length / 8) * 8, ' ');
  header.writeBigUInt64LE(BigInt(header.length - 8));
  text.copy(header, 8);
  return header;
}

function divide(tensors: readonly TensorToWrite[], shardBytes: number): TensorToWrite[][] {
  const shards: TensorToWrite[][] = [];
  let room = 0;
  for (const tensor of tensors) {
    const bytes = bytesOfTensor(tensor);
    const last = shards.at(-1);
    if (last === undefined || bytes > room) {
      shards.push([tensor]);
      room = shardBytes - bytes;
    } else {
      last.push(tensor);
      room -= bytes;
    }
  }
  return shards;
}

function padded(number: number): string {
  return String(number).padStart(5, '0');
}
