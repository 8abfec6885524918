import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SafetensorsFile } from '../../../server/runtime/tensors/safetensors-file.js';

/**
 * The weights of the checkpoint that a model's folder holds; null if there is none in a single file. Throws
 * what opening throws.
 */
export async function countWeights(modelFolder: string): Promise<number | null> {
  const path = join(modelFolder, 'checkpoint', 'model.safetensors');
  if (!existsSync(path)) return null;
  await using file = await SafetensorsFile.open(path);
  const sizes = [...file.tensors.values()].map(({ shape }) =>
    shape.reduce((product, side) => product * side, 1),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
