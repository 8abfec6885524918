import { DuetError } from '../../errors.js';
import { narrow, type ElementType } from '../../runtime/tensors/element-type.js';
import { rowPieces, type WeightSource } from '../checkpoint/weight-source.js';
import type { TensorToWrite } from '../weights/safetensors-shards.js';

/** The tensor `name` of `source` under the name `as`, in the type in which it is stored. */
export function copiedTensor(source: WeightSource, name: string, as: string): TensorToWrite {
  const [type, shape] = [source.type(name), source.shape(name)];
  return { name: as, type, shape, pieces: () => narrowed(rowPieces(source, [name], 1), name, type) };
}

/**
 * The rows [size, hidden] of one of the two tables of a vocabulary: those of the tensor `from`, zeros behind
 * them, and `replaced` instead of some.
 */
export function vocabularyTable(
  source: WeightSource,
  from: string,
  { as, size, replaced }: TableToWrite,
): TensorToWrite {
  const [rows = 0, width = 0] = source.shape(from);
  const type = source.type(from);
  async function* pieces(): AsyncGenerator<Float32Array> {
    let row = 0;
    for await (const piece of rowPieces(source, [from], width)) {
      yield withRows(piece, row, width, replaced);
      row += piece.length / width;
    }
    if (size > rows) yield withRows(new Float32Array((size - rows) * width), rows, width, replaced);
  }
  return { name: as, type, shape: [size, width], pieces: () => narrowed(pieces(), as, type) };
}

/** Throws 'invalid_request' unless the tensor `name` is of [rows, width]. */
export function requireTable(source: WeightSource, name: string, rows: number, width: number): void {
  const found = source.shape(name).join(', ');
  if (found === `${rows}, ${width}`) return;
  throw new DuetError(
    'invalid_request',
    `"${name}" is of shape [${found}] where config.json's "vocab_size" and "hidden_size" make [${rows}, ${width}]`,
  );
}

/** See {@link vocabularyTable}. */
interface TableToWrite {
  readonly as: string;
  readonly size: number;
  readonly replaced: ReadonlyMap<number, Float32Array>;
}

function withRows(
  piece: Float32Array,
  first: number,
  width: number,
  replaced: ReadonlyMap<number, Float32Array>,
): Float32Array {
  const end = first + piece.length / width;
  for (const [row, values] of replaced) {
    if (row >= first && row < end) piece.set(values, (row - first) * width);
  }
  return piece;
}

async function* narrowed(
  pieces: AsyncIterable<Float32Array>,
  name: string,
  type: ElementType,
): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    if (type === 'F16' && piece.some((value) => Math.abs(value) > largestHalf)) {
      throw new DuetError(
        'unsupported',
        `"${name}" holds values too large for float16; fold with --dtype bfloat16`,
      );
    }
    yield narrow(piece, type);
  }
}

const largestHalf = 65_504;
