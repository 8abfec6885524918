import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { DuetError } from '../../errors.js';

/** A `*.onnx.data` file being written, one tensor after another, each in pieces. */
export class WeightFile implements AsyncDisposable {
  readonly #name: string;
  readonly #handle: FileHandle;
  readonly #watch: WritingWatch;
  #end = 0;

  private constructor(name: string, handle: FileHandle, watch: WritingWatch) {
    this.#name = name;
    this.#handle = handle;
    this.#watch = watch;
  }

  static async create(path: string, watch: WritingWatch = {}): Promise<WeightFile> {
    return new WeightFile(basename(path), await open(path, 'wx'), watch);
  }

  /** Writes one tensor. Throws `DuetError` 'cancelled' when the signal fires. */
  async store(
    name: string,
    type: TensorType,
    dimensions: readonly number[],
    pieces: AsyncIterable<Uint8Array>,
  ): Promise<ExternalTensor> {
    const bytes = dimensions.reduce((product, size) => product * size, 1) * elementSizes[type];
    const alignment = bytes >= mappedFrom ? mappedAlignment : plainAlignment;
    const offset = Math.ceil(this.#end / alignment) * alignment;
    this.#end = offset;
    for await (const piece of pieces) await this.#append(piece);
    if (this.#end - offset !== bytes) {
      throw new DuetError('internal', `"${name}" came out as ${this.#end - offset} bytes, not ${bytes}.`);
    }
    return { name, type, dimensions, location: this.#name, offset, bytes };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle.close();
  }

  async #append(piece: Uint8Array): Promise<void> {
    if (this.#watch.signal?.aborted) {
      throw new DuetError('cancelled', 'The build was cancelled.', { cause: this.#watch.signal.reason });
    }
    await this.#handle.write(piece, 0, piece.byteLength, this.#end);
    this.#end += piece.byteLength;
    this.#watch.onBytes?.(piece.byteLength);
  }
}

/** Large tensors start where every system can map memory (Windows: 64 KiB), small ones on a cache line. */
const mappedAlignment = 65_536;
const plainAlignment = 64;
const mappedFrom = 1_048_576;

/** Cancels a weight file's writing, and observes it. */
export interface WritingWatch {
  readonly signal?: AbortSignal | undefined;
  /** Called with the number of bytes just written. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/** Bytes of one element. */
const elementSizes = { float32: 4, uint8: 1, int8: 1, int64: 8, float16: 2 } as const;

/** Element type of a value in a graph. */
export type TensorType = keyof typeof elementSizes;

/** Weights kept in a file next to the graph. */
export interface ExternalTensor {
  readonly name: string;
  readonly type: TensorType;
  readonly dimensions: readonly number[];
  /** File name in the graph's folder. */
  readonly location: string;
  readonly offset: number;
  readonly bytes: number;
}
