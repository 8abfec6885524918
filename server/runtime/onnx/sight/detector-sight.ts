import type { Picture } from '../../../video/frame.js';
import { featuresOf, type Association } from '../../detector/association.js';
import { featureSizes } from '../../detector/features.js';
import { slotCount } from '../../detector/slot.js';
import type { Manifest } from '../../folder/manifest.js';
import { graphNames } from '../graphs/graph-names.js';
import type { Graph } from '../graphs/graph.js';
import { joinFloats } from '../graphs/join-floats.js';
import type { RunQueue } from '../graphs/run-queue.js';
import { DetectorEyes } from './detector-eyes.js';
import type { EmbeddedFrames, Sight, SightMemory } from './sight.js';

/**
 * A detector as vision tower: what is followed from picture to picture, for each context by itself, becomes
 * the tokens of a frame.
 */
export class DetectorSight implements Sight {
  readonly #eyes: DetectorEyes;
  readonly #tokens: Graph;
  readonly #queue: RunQueue;
  readonly #embeddingSize: number;

  constructor(
    graphs: { readonly vision: Graph; readonly tokens: Graph },
    manifest: Manifest,
    queue: RunQueue,
  ) {
    this.#eyes = new DetectorEyes(graphs.vision, manifest, queue);
    this.#tokens = graphs.tokens;
    this.#queue = queue;
    this.#embeddingSize = manifest.tokensPerFrame * manifest.decoder.hiddenSize;
  }

  async look(
    pictures: readonly Picture[],
    before: SightMemory,
    refuseIfAborted: () => void,
  ): Promise<EmbeddedFrames> {
    const memories = await this.#eyes.follow(pictures, before, refuseIfAborted);
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
