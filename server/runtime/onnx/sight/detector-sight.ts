import type { Picture } from '../../../video/frame.js';
import type { Manifest } from '../../folder/manifest.js';
import { graphNames } from '../graphs/graph-names.js';
import type { Graph } from '../graphs/graph.js';
import { joinFloats } from '../graphs/join-floats.js';
import type { RunQueue } from '../graphs/run-queue.js';
import { VisionGraph } from '../graphs/vision-graph.js';
import type { EmbeddedFrames, Sight, SightMemory } from './sight.js';
import { associate, featuresOf, type Association } from '../detector/association.js';
import { detectionShape, sceneSize } from '../detector/detection.js';
import { featureSizes } from '../detector/features.js';
import { slotCount } from '../detector/slot.js';

/**
 * A detector as vision tower: things are detected in each picture by itself, followed from picture to picture
 * for each context, and what is known of them becomes the tokens of a frame.
 */
export class DetectorSight implements Sight {
  readonly #vision: VisionGraph;
  readonly #tokens: Graph;
  readonly #queue: RunQueue;
  readonly #embeddingSize: number;
  /** Seconds between pictures that say no time. */
  readonly #interval: number;

  constructor(
    graphs: { readonly vision: Graph; readonly tokens: Graph },
    { picture, tokensPerFrame, decoder, recommended }: Manifest,
    queue: RunQueue,
  ) {
    this.#vision = new VisionGraph(graphs.vision, picture, queue, detectorOutputs);
    this.#tokens = graphs.tokens;
    this.#queue = queue;
    this.#embeddingSize = tokensPerFrame * decoder.hiddenSize;
    this.#interval = 1 / recommended.default.fps;
  }

  async look(
    pictures: readonly Picture[],
    before: SightMemory,
    refuseIfAborted: () => void,
  ): Promise<EmbeddedFrames> {
    const seen = await this.#vision.encode(pictures, refuseIfAborted);
    const memories: Association[] = [];
    for (const [index, numbers] of seen.entries()) {
      const last = memories.at(-1) ?? before;
      const time = pictures[index]?.videoTime ?? (last === null ? 0 : last.time + this.#interval);
      memories.push(
        associate(last, numbers.subarray(0, detectionsSize), numbers.subarray(detectionsSize), time),
      );
    }
    return { embeddings: await this.#embed(memories, refuseIfAborted), memories };
  }

  #embed(frames: readonly Association[], refuseIfAborted: () => void): Promise<Float32Array> {
    const features = frames.map(featuresOf);
    const count = frames.length;
    const slots = joinFloats(features.map((frame) => frame.slots));
    const facts = joinFloats(features.map(({ frame }) => frame));
    const inputs = {
      [graphNames.slots]: { data: slots, shape: [count, slotCount, featureSizes.slot] },
      [graphNames.scene]: { data: facts, shape: [count, featureSizes.frame] },
    };
    return this.#queue.run(async () => {
      refuseIfAborted();
      const outputs = await this.#tokens.run(inputs, [graphNames.frameEmbeds]);
      return outputs.floats(graphNames.frameEmbeds, count * this.#embeddingSize);
    });
  }
}

const detectionsSize = detectionShape.rows * detectionShape.numbers;

/** What the detector says of one picture. */
const detectorOutputs = [
  { name: graphNames.detections, size: detectionsSize },
  { name: graphNames.scene, size: sceneSize },
];
