import type { ElementType } from '../../runtime/tensors/element-type.js';

/** Named weights of a model from any source. Names are those of the published checkpoints. */
export interface WeightSource {
  readonly names: ReadonlySet<string>;
  /** Throws `DuetError` 'invalid_request' naming the tensor when there is none. */
  shape(name: string): readonly number[];
  /** The type in which it is stored; throws as {@link shape} does. */
  type(name: string): ElementType;
  /** `count` elements starting at element `start`, row-major, as float32. */
  read(name: string, start: number, count: number): Promise<Float32Array>;
}

/** The values of several tensors in sequence, in pieces of whole rows of `rowSize` elements. */
export async function* rowPieces(
  source: WeightSource,
  names: readonly string[],
  rowSize: number,
): AsyncGenerator<Float32Array> {
  const step = Math.max(1, Math.floor(pieceElements / rowSize)) * rowSize;
  for (const name of names) {
    const total = source.shape(name).reduce((product, size) => product * size, 1);
    for (let start = 0; start < total; start += step) {
      yield await source.read(name, start, Math.min(step, total - start));
    }
  }
}

/** Roughly how many elements are in memory at a time. */
const pieceElements = 2_097_152;
