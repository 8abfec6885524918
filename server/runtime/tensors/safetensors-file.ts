import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import { DuetError } from '../../errors.js';
import { elementBytes, isElementType, widen } from './element-type.js';
import type { ElementType } from './element-type.js';

/** A safetensors file, held open; tensors are read piece by piece, never as a whole. */
export class SafetensorsFile implements AsyncDisposable {
  readonly path: string;
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly #handle: FileHandle;

  private constructor(path: string, handle: FileHandle, tensors: ReadonlyMap<string, StoredTensor>) {
    this.path = path;
    this.#handle = handle;
    this.tensors = tensors;
  }

  /**
   * Opens a file and checks its header against its size. Throws `DuetError` 'not_found' or 'invalid_request'.
   */
  static async open(path: string): Promise<SafetensorsFile> {
    const handle = await open(path, 'r').catch((cause: unknown) => {
      throw new DuetError('not_found', `Cannot open the weights ${path}; check the checkpoint folder.`, {
        cause,
      });
    });
    try {
      return new SafetensorsFile(path, handle, await readHeader(path, handle));
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** `count` elements of a tensor starting at element `start`, row-major, as float32. */
  async read(name: string, start: number, count: number): Promise<Float32Array> {
    const tensor = this.tensors.get(name);
    if (!tensor) throw new DuetError('not_found', `${this.path} has no tensor "${name}".`);
    const width = elementBytes[tensor.type];
    const bytes = new Uint8Array(count * width);
    const { bytesRead } = await this.#handle.read(bytes, 0, bytes.length, tensor.position + start * width);
    if (bytesRead !== bytes.length) throw damaged(this.path, `tensor "${name}" ends early`);
    return widen(bytes, tensor.type);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle.close();
  }
}

/** Headers of real checkpoints stay below a few megabytes; a larger length means a damaged file. */
const longestHeader = 100_000_000;

const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(z.int().nonnegative()).max(8),
  data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
});
const headerSchema = z.record(z.string(), z.unknown());

/** One tensor of a safetensors file. */
interface StoredTensor {
  readonly type: ElementType;
  readonly shape: readonly number[];
  /** Offset of its first byte in the file. */
  readonly position: number;
}

async function readHeader(path: string, handle: FileHandle): Promise<Map<string, StoredTensor>> {
  const { size } = await handle.stat();
  const prefix = Buffer.alloc(8);
  const { bytesRead } = await handle.read(prefix, 0, 8, 0);
  if (bytesRead < 8) throw damaged(path, `it has ${size} bytes, too few for a header length`);
  const length = prefix.readBigUInt64LE();
  if (length > BigInt(longestHeader) || Number(length) + 8 > size) {
    throw damaged(path, `its header claims ${String(length)} bytes of a file of ${size}`);
  }
  const text = Buffer.alloc(Number(length));
  await handle.read(text, 0, text.length, 8);
  const tensors = new Map<string, StoredTensor>();
  for (const [name, entry] of Object.entries(parseHeader(path, text.toString('utf8')))) {
    if (name !== '__metadata__')
      tensors.set(name, checkEntry(path, name, entry, { dataStart: text.length + 8, size }));
  }
  return tensors;
}

function parseHeader(path: string, text: string): Record<string, unknown> {
  try {
    return headerSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw damaged(path, 'its header is not a JSON object', cause);
  }
}

function checkEntry(
  path: string,
  name: string,
  entry: unknown,
  file: { dataStart: number; size: number },
): StoredTensor {
  const parsed = entrySchema.safeParse(entry);
  if (!parsed.success) throw damaged(path, `the entry of tensor "${name}" is malformed`, parsed.error);
  const { dtype: type, shape, data_offsets: offsets } = parsed.data;
  if (!isElementType(type)) {
    throw new DuetError(
      'unsupported',
      `Tensor "${name}" of ${path} has type ${type}; convert the checkpoint to float32, float16 or bfloat16.`,
    );
  }
  const [begin, end] = offsets;
  const bytes = shape.reduce((product, size) => product * size, 1) * elementBytes[type];
  if (end - begin !== bytes) {
    throw damaged(
      path,
      `tensor "${name}" of shape [${shape.join(', ')}] takes ${bytes} bytes, not ${end - begin}`,
    );
  }
  if (file.dataStart + end > file.size) {
    throw damaged(path, `tensor "${name}" ends at byte ${file.dataStart + end} of a file of ${file.size}`);
  }
  return { type, shape, position: file.dataStart + begin };
}

function damaged(path: string, what: string, cause?: unknown): DuetError {
  return new DuetError('invalid_request', `${path} is damaged: ${what}. Fetch the file again.`, { cause });
}
