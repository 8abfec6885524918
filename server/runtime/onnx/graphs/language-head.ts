import { graphNames } from './graph-contract.js';
import type { Manifest } from '../../folder/manifest.js';
import type { Graph } from './graph.js';
import type { RunQueue } from './run-queue.js';

/** The last token's hidden state to a logit for every token of the vocabulary. */
export class LanguageHead {
  readonly #graph: Graph;
  readonly #decoder: Manifest['decoder'];
  readonly #queue: RunQueue;

  constructor(graph: Graph, decoder: Manifest['decoder'], queue: RunQueue) {
    this.#graph = graph;
    this.#decoder = decoder;
    this.#queue = queue;
  }

  /** Logits [vocabulary] for the token after `hidden` [hidden]; the array is the caller's own. */
  logits(hidden: Float32Array): Promise<Float32Array> {
    return this.#queue.run(async () => {
      const inputs = { [graphNames.hidden]: { data: hidden, shape: [1, this.#decoder.hiddenSize] } };
      const outputs = await this.#graph.run(inputs, [graphNames.logits]);
      return outputs.floats(graphNames.logits, this.#decoder.vocabularySize);
    });
  }
}
