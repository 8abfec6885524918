/**
 * Quantises rows of `width` elements to 4 bits in blocks, symmetrically: q = round(w / scale) + 8, clipped.
 * The scale is the element of largest magnitude divided by -8, so that this element gets the one code without
 * a counterpart and is exact.
 */
export function quantiseBlocks(values: Float32Array, width: number): QuantisedBlocks {
  const rows = values.length / width;
  const blocks = blocksInRow(width);
  const blockBytes = blockSize / 2;
  // The middle code means zero, so the padding after a row stays zero.
  const codes = new Uint8Array(rows * blocks * blockBytes).fill(0x88);
  const scales = new Float32Array(rows * blocks);
  for (let row = 0; row < rows; row++) {
    for (let block = 0; block < blocks; block++) {
      const start = block * blockSize;
      const part = values.subarray(row * width + start, row * width + Math.min(start + blockSize, width));
      const index = row * blocks + block;
      scales[index] = quantiseBlock(part, codes.subarray(index * blockBytes, (index + 1) * blockBytes));
    }
  }
  return { codes, scales };
}

/** Rows quantised in blocks, in the layout of onnxruntime's MatMulNBits operator. */
interface QuantisedBlocks {
  /** [rows, blocks, blockSize / 2]; the lower half of a byte is the earlier element. */
  readonly codes: Uint8Array;
  /** [rows, blocks]. */
  readonly scales: Float32Array;
}

/** Elements that share a scale. */
export const blockSize = 32;

/** Blocks in a row of `width` elements; the last may be partly empty. */
export function blocksInRow(width: number): number {
  return Math.ceil(width / blockSize);
}

/** Fills one block's codes and returns its scale. */
function quantiseBlock(values: Float32Array, codes: Uint8Array): number {
  let extreme = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    if (Math.abs(value) > Math.abs(extreme)) extreme = value;
  }
  const scale = Math.fround(extreme / -8);
  if (scale === 0) return 0;
  for (let i = 0; i < values.length; i++) {
    setHalfByte(codes, i, Math.min(15, Math.max(0, Math.round((values[i] ?? 0) / scale) + 8)));
  }
  return scale;
}

function setHalfByte(codes: Uint8Array, index: number, code: number): void {
  const byte = codes[index >> 1] ?? 0;
  codes[index >> 1] = index % 2 === 0 ? (byte & 0xf0) | code : (byte & 0x0f) | (code << 4);
}
