import { DuetError } from '../../errors.js';
import { blockSize, blocksInRow, quantiseRows } from './block-quantisation.js';
import { narrowToHalf } from '../../runtime/tensors/element-type.js';
import type { ExternalTensor, WeightFile } from './weight-file.js';
import { rowPieces } from '../checkpoint/weight-source.js';
import type { WeightSource } from '../checkpoint/weight-source.js';

/** Writes a matrix. Throws `DuetError` 'unsupported' when a weight is too large for float16. */
export async function storeMatrix(
  file: WeightFile,
  source: WeightSource,
  matrix: MatrixNames,
  format: MatrixFormat,
): Promise<StoredMatrix> {
  const pieces = rowPieces(source, matrix.names, matrix.columns);
  const name = matrix.names.join('+');
  const dimensions = [matrix.rows, matrix.columns];
  switch (format) {
    case 'fp32':
      return { type: 'dense', tensor: await file.store(name, 'float32', dimensions, floats(pieces)) };
    case 'fp16':
      return { type: 'dense', tensor: await file.store(name, 'float16', dimensions, halves(name, pieces)) };
    case 'int8':
      return storeBlocks(file, matrix, pieces, 8);
    case 'int4':
      return storeBlocks(file, matrix, pieces, 4);
  }
}

/** How the weights of a matrix product are stored. */
export type MatrixFormat = 'fp32' | 'fp16' | 'int8' | 'int4';

/** A matrix [rows, columns] of the checkpoint, possibly stacked from several tensors. */
interface MatrixNames {
  readonly names: readonly string[];
  readonly rows: number;
  readonly columns: number;
}

/** A matrix in a weight file. */
export type StoredMatrix =
  | { readonly type: 'dense'; readonly tensor: ExternalTensor }
  | {
      readonly type: 'blocks';
      readonly codes: ExternalTensor;
      readonly scales: ExternalTensor;
      readonly bits: 4 | 8;
      readonly rows: number;
      readonly columns: number;
    };

async function storeBlocks(
  file: WeightFile,
  { names, rows, columns }: MatrixNames,
  pieces: AsyncIterable<Float32Array>,
  bits: 4 | 8,
): Promise<StoredMatrix> {
  const blocks = blocksInRow(columns);
  const name = names.join('+');
  const scales: Float32Array[] = [];
  async function* codes(): AsyncGenerator<Uint8Array> {
    for await (const piece of pieces) {
      const quantised = quantiseRows(piece, columns, bits);
      scales.push(quantised.scales);
      yield quantised.packed;
    }
  }
  const shape = [rows, blocks, (blockSize * bits) / 8];
  const stored = await file.store(`${name}.codes`, 'uint8', shape, codes());
  const storedScales = await file.store(`${name}.scales`, 'float32', [rows, blocks], floats(scales));
  return { type: 'blocks', codes: stored, scales: storedScales, bits, rows, columns };
}

/** float32 values as bytes. */
export async function* floats(
  pieces: AsyncIterable<Float32Array> | Iterable<Float32Array>,
): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) yield bytesOf(piece);
}

async function* halves(name: string, pieces: AsyncIterable<Float32Array>): AsyncGenerator<Uint8Array> {
  const largestHalf = 65_504;
  for await (const piece of pieces) {
    if (piece.some((value) => Math.abs(value) > largestHalf)) {
      throw new DuetError(
        'unsupported',
        `"${name}" holds values too large for float16; build with precision fp32.`,
      );
    }
    yield bytesOf(narrowToHalf(piece));
  }
}

/** The bytes of an array's elements, without copying. */
function bytesOf(values: Float32Array | Uint16Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
