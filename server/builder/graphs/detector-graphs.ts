import { detectionShape, sceneSize } from '../../runtime/detector/detection.js';
import { featureSizes } from '../../runtime/detector/features.js';
import { slotCount } from '../../runtime/detector/slot.js';
import { graphNames } from '../../runtime/onnx/graphs/graph-names.js';
import type { DetectorTower } from '../checkpoint/architecture.js';
import { copyReadyGraph } from './ready-graph.js';

/** Copies the graphs of a detector tower, `vision.onnx` and `tokens.onnx`, from a checkpoint. */
export async function copyDetectorGraphs(
  checkpoint: string,
  folder: string,
  { side, tokensPerFrame }: DetectorTower,
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
}
