import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { DuetError } from '../../../server/errors.js';
import { readManifest } from '../../../server/runtime/folder/model-folder.js';

/** The file of a model that looks at pictures, and its weights where they are kept apart. */
const vision = 'vision.onnx';
const visionWeights = `${vision}.data`;

/**
 * Copies a model into `folder`, with another eye in place of its detector: one that reads the detections that
 * were painted into a split's clips. Everything behind the eye is the model's own. Returns the folder. Throws
 * 'invalid_request' for a model without a detector.
 */
export async function giveEye(model: string, eye: string, folder: string): Promise<string> {
  const manifest = await readManifest(model);
  if (manifest.tower?.type !== 'detector') {
    const message = `the clips of this split hold painted detections, and ${model} has no detector to stand in for`;
    throw new DuetError('invalid_request', `${message}; name a split of pictures with --test`);
  }
  await mkdir(folder, { recursive: true });
  const others = Object.entries(manifest.files).filter(([name]) => name !== vision && name !== visionWeights);
  for (const [name] of others) await copyFile(join(model, name), join(folder, name));
  const graph = await readFile(eye);
  const sha256 = createHash('sha256').update(graph).digest('hex');
  const files = { ...Object.fromEntries(others), [vision]: { bytes: graph.length, sha256 } };
  await writeFileAtomic(join(folder, vision), graph);
  await writeFileAtomic(
    join(folder, 'manifest.json'),
    `${JSON.stringify({ ...manifest, files }, null, 2)}\n`,
  );
  return folder;
}
