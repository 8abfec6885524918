/** The numbers of all parts in a row; a single part that is not empty is returned as it is, not copied. */
export function joinFloats(parts: readonly Float32Array[]): Float32Array {
  const filled = parts.filter(({ length }) => length > 0);
  if (filled.length === 1 && filled[0] !== undefined) return filled[0];
  const joined = new Float32Array(filled.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of filled) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}
