/** Element type of a stored tensor, named as safetensors names it. */
export type ElementType = keyof typeof elementBytes;

/** Bytes per element, for every element type in which checkpoints store weights. */
export const elementBytes = { F32: 4, F16: 2, BF16: 2 } as const;

/** Whether the builder can read tensors of this type. */
export function isElementType(name: string): name is ElementType {
  return Object.hasOwn(elementBytes, name);
}

/** Widens little-endian elements to float32; `bytes` must start at a multiple of four in its buffer. */
export function widen(bytes: Uint8Array, type: ElementType): Float32Array {
  const count = bytes.byteLength / elementBytes[type];
  switch (type) {
    case 'F32':
      return new Float32Array(bytes.buffer, bytes.byteOffset, count);
    case 'BF16':
      return widenBrain(new Uint16Array(bytes.buffer, bytes.byteOffset, count));
    case 'F16':
      return widenHalf(new Uint16Array(bytes.buffer, bytes.byteOffset, count));
  }
}

/** bfloat16 is the upper half of a float32. */
function widenBrain(halves: Uint16Array): Float32Array {
  const bits = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) bits[i] = (halves[i] ?? 0) << 16;
  return new Float32Array(bits.buffer);
}

let halfTable: Float32Array | undefined;

function widenHalf(halves: Uint16Array): Float32Array {
  halfTable ??= Float32Array.from({ length: 65_536 }, (_, bits) => halfValue(bits));
  const values = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) values[i] = halfTable[halves[i] ?? 0] ?? 0;
  return values;
}

/** The number that these sixteen bits mean in IEEE 754 binary16. */
function halfValue(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/** Rounds float32 to the nearest float16 (ties to even), as raw bits; values out of range become infinite. */
export function narrowToHalf(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const halves = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) halves[i] = halfBits(bits[i] ?? 0);
  return halves;
}

/** float32 bits to float16 bits. */
function halfBits(single: number): number {
  const sign = (single >>> 16) & 0x8000;
  const magnitude = single & 0x7fff_ffff;
  // Nearly all weights: in the normal range, and not rounded up beyond it.
  if (magnitude >= 0x3880_0000 && magnitude < 0x477f_f000) {
    return sign | ((magnitude - 0x3800_0000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13);
  }
  if (magnitude >= 0x7f80_0000) return sign | (magnitude > 0x7f80_0000 ? 0x7e00 : 0x7c00);
  const exponent = (magnitude >>> 23) - 112;
  if (exponent >= 31) return sign | 0x7c00;
  if (exponent < -10) return sign;
  // Below the normal range the implicit leading one becomes part of the fraction, shifted right.
  const fraction = exponent > 0 ? magnitude & 0x7f_ffff : (magnitude & 0x7f_ffff) | 0x80_0000;
  const shift = exponent > 0 ? 13 : 14 - exponent;
  const kept = (exponent > 0 ? exponent << 10 : 0) | (fraction >>> shift);
  const rest = fraction & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  const roundUp = rest > half || (rest === half && (kept & 1) === 1);
  return sign | (kept + (roundUp ? 1 : 0));
}

/**
 * The bytes of float32 values in a type, rounded to the nearest (ties to even); out of range they become
 * infinite.
 */
export function narrow(values: Float32Array, type: ElementType): Uint8Array {
  const elements = type === 'F32' ? values : type === 'F16' ? narrowToHalf(values) : narrowToBrain(values);
  return new Uint8Array(elements.buffer, elements.byteOffset, elements.byteLength);
}

/** Rounds float32 to the nearest bfloat16, as raw bits. */
function narrowToBrain(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const halves = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) halves[i] = brainBits(bits[i] ?? 0);
  return halves;
}

function brainBits(single: number): number {
  // A NaN whose fraction lies in the lower half would become infinite.
  if ((single & 0x7fff_ffff) > 0x7f80_0000) return (single >>> 16) | 0x40;
  return (single + 0x7fff + ((single >>> 16) & 1)) >>> 16;
}
