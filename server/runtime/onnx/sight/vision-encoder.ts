import type { Picture } from '../../../video/frame.js';
import type { Manifest } from '../../folder/manifest.js';
import { graphNames } from '../graphs/graph-names.js';
import type { Graph } from '../graphs/graph.js';
import { joinFloats } from '../graphs/join-floats.js';
import type { RunQueue } from '../graphs/run-queue.js';
import { VisionGraph } from '../graphs/vision-graph.js';
import type { EmbeddedFrames, Sight, SightMemory } from './sight.js';

/** A vision tower that makes frame embeddings of each picture by itself: it remembers nothing. */
export class VisionEncoder implements Sight {
  readonly #vision: VisionGraph;

  /** `output`: what the graph calls the embeddings. */
  constructor(
    graph: Graph,
    { picture, tokensPerFrame, decoder }: Manifest,
    queue: RunQueue,
    output: string = graphNames.frameEmbeds,
  ) {
    const size = tokensPerFrame * decoder.hiddenSize;
    this.#vision = new VisionGraph(graph, picture, queue, [{ name: output, size }]);
  }

  async look(
    pictures: readonly Picture[],
    _before: SightMemory,
    refuseIfAborted: () => void,
  ): Promise<EmbeddedFrames> {
    const frames = await this.#vision.encode(pictures, refuseIfAborted);
    return { embeddings: joinFloats(frames), memories: frames.map(() => null) };
  }
}
