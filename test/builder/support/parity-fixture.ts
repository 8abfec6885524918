import { fileURLToPath } from 'node:url';
import { SafetensorsFile } from '../../../server/runtime/tensors/safetensors-file.js';

/** Folder of one parity fixture; see test/golden/parity/README.md. */
export function fixtureFolder(name: string): string {
  return fileURLToPath(new URL(`../../golden/parity/${name}`, import.meta.url));
}

/** Reads tensors that PyTorch computed. */
export function expectedValues(fixture: string): (name: string) => Promise<Float32Array> {
  const path = `${fixtureFolder(fixture)}/expected.safetensors`;
  return async (name) => {
    await using file = await SafetensorsFile.open(path);
    const shape = file.tensors.get(name)?.shape ?? [];
    return await file.read(
      name,
      0,
      shape.reduce((product, size) => product * size, 1),
    );
  };
}

/** Picture `index` of the fixtures as normalised pixel values [3, side, side]. */
export function fixturePixels(index: number, side: number): Float32Array {
  const pixels = new Float32Array(3 * side * side);
  const radius = Math.floor(side / 4);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const inside = (x - ((13 * index) % side)) ** 2 + (y - ((5 * index) % side)) ** 2 < radius * radius;
      for (let c = 0; c < 3; c++) {
        const plain = (x * (1 + ((7 * index) % 5)) + y * (1 + ((3 * index) % 4)) + 53 * c + 29 * index) % 256;
        pixels[(c * side + y) * side + x] = ((inside ? 255 - plain : plain) / 255 - 0.5) / 0.5;
      }
    }
  }
  return pixels;
}

/** Largest difference between two arrays of the same length. */
export function largestDifference(one: ArrayLike<number>, two: ArrayLike<number>): number {
  if (one.length !== two.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < one.length; i++) {
    const difference = Math.abs((one[i] ?? NaN) - (two[i] ?? NaN));
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}

/** Root mean square of the difference over that of `reference`. */
export function relativeDrift(values: ArrayLike<number>, reference: ArrayLike<number>): number {
  let error = 0;
  let power = 0;
  for (let i = 0; i < reference.length; i++) {
    error += ((values[i] ?? NaN) - (reference[i] ?? 0)) ** 2;
    power += (reference[i] ?? 0) ** 2;
  }
  return Math.sqrt(error / power);
}
