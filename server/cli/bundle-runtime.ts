import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { packageFolder } from '../package-folder.js';

// A step of a build. The packed server brings onnxruntime-node along (bundleDependencies), without its
// install script: that fetches libraries for CUDA, which nobody asked for, and lets an installation without a
// network fail. Of what it depends on, only the script needs more than onnxruntime-common.

const path = join(packageFolder, 'node_modules', 'onnxruntime-node', 'package.json');
const manifest = z.looseObject({ dependencies: z.record(z.string(), z.string()) });

const { scripts, dependencies, ...others } = manifest.parse(JSON.parse(await readFile(path, 'utf8')));
if (scripts !== undefined) {
  const kept = Object.entries(dependencies).filter(([name]) => name === 'onnxruntime-common');
  await writeFile(path, JSON.stringify({ ...others, dependencies: Object.fromEntries(kept) }, null, 2));
}
