import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SafetensorsFile } from '../../../server/runtime/tensors/safetensors-file.js';
import { fixtureFolder } from './parity-fixture.js';
import { safetensorsBytes } from './safetensors-bytes.js';
import type { TestTensor } from './safetensors-bytes.js';
import { temporaryFolder } from './temporary-folder.js';

/** A copy of a fixture checkpoint that a test may spoil. */
export async function checkpointCopy(name = 'grid'): Promise<string> {
  const folder = join(await temporaryFolder(), name);
  await cp(fixtureFolder(name), folder, { recursive: true });
  return folder;
}

/** Changes fields of config.json; `undefined` removes one. */
export async function changeConfig(folder: string, changes: Record<string, unknown>): Promise<void> {
  const path = join(folder, 'config.json');
  const config: unknown = JSON.parse(await readFile(path, 'utf8'));
  await writeFile(path, JSON.stringify(Object.assign({}, config, changes)));
}

/** Rewrites a safetensors file with its tensors changed by `change`. */
export async function changeTensors(
  path: string,
  change: (tensors: Record<string, TestTensor>) => Record<string, TestTensor>,
): Promise<void> {
  const file = await SafetensorsFile.open(path);
  const tensors: Record<string, TestTensor> = {};
  const bytes = await readFile(path);
  for (const [name, { type, shape, position }] of file.tensors) {
    const size = shape.reduce((product, length) => product * length, type === 'F32' ? 4 : 2);
    tensors[name] = { dtype: type, shape, bytes: bytes.subarray(position, position + size) };
  }
  await file[Symbol.asyncDispose]();
  await writeFile(path, safetensorsBytes(change(tensors)));
}
