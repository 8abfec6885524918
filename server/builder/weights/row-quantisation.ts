/**
 * Quantises rows of `width` weights to 8 bits, symmetrically: code = round(weight / scale), where the scale
 * is the largest magnitude of the row divided by 127.
 */
export function quantiseRows(values: Float32Array, width: number): QuantisedRows {
  const codes = new Int8Array(values.length);
  const scales = new Float32Array(values.length / width);
  for (let row = 0; row < scales.length; row++) {
    const start = row * width;
    let largest = 0;
    for (let i = start; i < start + width; i++) largest = Math.max(largest, Math.abs(values[i] ?? 0));
    const scale = Math.fround(largest / 127);
    scales[row] = scale;
    if (scale === 0) continue;
    for (let i = start; i < start + width; i++) codes[i] = Math.round((values[i] ?? 0) / scale);
  }
  return { codes: new Uint8Array(codes.buffer), scales };
}

/** Quantised rows, one scale each. */
interface QuantisedRows {
  /** The bytes of int8 codes [rows, width]. */
  readonly codes: Uint8Array;
  /** [rows]. */
  readonly scales: Float32Array;
}
