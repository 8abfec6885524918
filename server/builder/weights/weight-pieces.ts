import type { WeightSource } from './weight-source.js';

/** About how many elements are in memory at a time. */
const pieceElements = 2_097_152;

/** The values of some tensors one after the other, in pieces of whole rows of `rowSize` elements. */
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

/** The bytes of an array's elements, without copying. */
export function bytesOf(values: Float32Array | Uint16Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
