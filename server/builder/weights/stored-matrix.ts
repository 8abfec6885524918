import { DuetError } from '../../errors.js';
import { blockSize, blocksInRow, quantiseBlocks } from './block-quantisation.js';
import { quantiseRows } from './row-quantisation.js';
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
      return storeRows(file, matrix, pieces);
    case 'int4':
      return storeBlocks(file, matrix, pieces);
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
  /** Codes [rows, columns] int8, a scale for each row. */
  | { readonly type: 'int8'; readonly codes: ExternalTensor; readonly scales: ExternalTensor }
  /** Codes of `blockSize` weights side by side, a scale for each such block. */
  | {
      readonly type: 'int4';
      readonly codes: ExternalTensor;
      readonly scales: ExternalTensor;
      readonly rows: number;
      readonly columns: number;
    };

async function storeRows(
  file: WeightFile,
  { names, rows, columns }: MatrixNames,
  pieces: AsyncIterable<Float32Array>,
): Promise<StoredMatrix> {
  const quantise = (piece: Float32Array) => quantiseRows(piece, columns);
  const place = { name: names.join('+'), type: 'int8' } as const;
  const at = { ...place, shape: [rows, columns], scales: [rows] };
  return { type: 'int8', ...(await storeCodes(file, at, pieces, quantise)) };
}

async function storeBlocks(
  file: WeightFile,
  { names, rows, columns }: MatrixNames,
  pieces: AsyncIterable<Float32Array>,
): Promise<StoredMatrix> {
  const blocks = blocksInRow(columns);
  const quantise = (piece: Float32Array) => quantiseBlocks(piece, columns);
  const place = { name: names.join('+'), type: 'uint8' } as const;
  const at = { ...place, shape: [rows, blocks, blockSize / 2], scales: [rows, blocks] };
  return { type: 'int4', ...(await storeCodes(file, at, pieces, quantise)), rows, columns };
}

/** Stores the codes piece by piece, then their scales. */
async function storeCodes(
  file: WeightFile,
  at: CodesPlace,
  pieces: AsyncIterable<Float32Array>,
  quantise: (piece: Float32Array) => { codes: Uint8Array; scales: Float32Array },
): Promise<{ codes: ExternalTensor; scales: ExternalTensor }> {
  const scales: Float32Array[] = [];
  async function* codes(): AsyncGenerator<Uint8Array> {
    for await (const piece of pieces) {
      const quantised = quantise(piece);
      scales.push(quantised.scales);
      yield quantised.codes;
    }
  }
  const stored = await file.store(`${at.name}.codes`, at.type, at.shape, codes());
  return {
    codes: stored,
    scales: await file.store(`${at.name}.scales`, 'float32', at.scales, floats(scales)),
  };
}

/** Where codes go, their shape and that of their scales. */
interface CodesPlace {
  readonly name: string;
  readonly type: 'int8' | 'uint8';
  readonly shape: readonly number[];
  readonly scales: readonly number[];
}

/** float32 values as bytes. */
export async function* floats(
  pieces: AsyncIterable<Float32Array> | Iterable<Float32Array>,
): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) yield bytesOf(piece);
}

async function* halves(name: string, pieces: AsyncIterable<Float32Array>): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    const narrowed = narrowToHalf(piece);
    if (narrowed.includes(infiniteHalf) || narrowed.includes(infiniteHalf | 0x8000)) {
      throw new DuetError(
        'unsupported',
        `"${name}" holds values too large for float16; build with precision fp32.`,
      );
    }
    yield bytesOf(narrowed);
  }
}

/** What a value too large for float16 becomes. */
const infiniteHalf = 0x7c00;

/** The bytes of an array's elements, without copying. */
function bytesOf(values: Float32Array | Uint16Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
