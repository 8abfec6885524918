import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { DuetError } from '../../errors.js';
import { readJsonFile } from '../../read-json-file.js';
import { detectionShape, sceneSize } from '../../runtime/detector/detection.js';
import { featureSizes } from '../../runtime/detector/features.js';
import { slotCount } from '../../runtime/detector/slot.js';
import { sentencesSchema } from '../../runtime/detector/sentences.js';
import { graphNames } from '../../runtime/onnx/graphs/graph-names.js';
import type { DetectorTower } from '../checkpoint/architecture.js';
import { copyReadyGraph } from './ready-graph.js';

/**
 * Copies what a detector tower brings along: `vision.onnx`, `tokens.onnx`, and `sentences.json` if it is
 * grounded.
 */
export async function copyDetectorGraphs(
  checkpoint: string,
  folder: string,
  { side, tokensPerFrame, grounded }: DetectorTower,
  hiddenSize: number,
): Promise<void> {
  await copyReadyGraph(checkpoint, folder, 'vision', {
    inputs: { [graphNames.pixelValues]: [3, side, side] },
    outputs: {
      [graphNames.detections]: [detectionShape.rows, detectionShape.numbers],
      [graphNames.scene]: [sceneSize],
    },
  });
  await copyReadyGraph(checkpoint, folder, 'tokens', {
    inputs: { [graphNames.slots]: [slotCount, featureSizes.slot], [graphNames.scene]: [featureSizes.frame] },
    outputs: { [graphNames.frameEmbeds]: [tokensPerFrame, hiddenSize] },
  });
  if (grounded) await copySentences(join(checkpoint, sentencesName), join(folder, sentencesName));
}

const sentencesName = 'sentences.json';

async function copySentences(from: string, to: string): Promise<void> {
  const read = sentencesSchema.safeParse(await readJsonFile(from));
  if (!read.success) {
    throw new DuetError('invalid_request', `${from} cannot be used: ${z.prettifyError(read.error)}`);
  }
  await writeFile(to, JSON.stringify(read.data), { flag: 'wx' });
}
