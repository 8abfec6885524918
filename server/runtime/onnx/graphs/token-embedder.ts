import { DuetError } from '../../../errors.js';
import { graphNames } from './graph-contract.js';
import type { Manifest } from '../../folder/manifest.js';
import type { Graph } from './graph.js';
import type { RunQueue, Urgency } from './run-queue.js';

/** Tokens to their input embeddings. */
export class TokenEmbedder {
  readonly #graph: Graph;
  readonly #decoder: Manifest['decoder'];
  readonly #queue: RunQueue;

  constructor(graph: Graph, decoder: Manifest['decoder'], queue: RunQueue) {
    this.#graph = graph;
    this.#decoder = decoder;
    this.#queue = queue;
  }

  /**
   * The embeddings of `tokens`, [tokens, hidden]. Throws 'model_failed' for a token outside the vocabulary.
   */
  async embed(tokens: readonly number[], urgency: Urgency = 'prompt'): Promise<Float32Array> {
    if (tokens.length === 0) return new Float32Array(0);
    const outside = tokens.find((token) => token >= this.#decoder.vocabularySize);
    if (outside !== undefined) {
      throw new DuetError(
        'model_failed',
        `the tokenizer gave token ${outside}, but the model knows only ` +
          `${this.#decoder.vocabularySize}; tokenizer.json does not fit the model`,
      );
    }
    const data = BigInt64Array.from(tokens, BigInt);
    return this.#queue.run(async () => {
      const outputs = await this.#graph.run({ [graphNames.inputIds]: { data, shape: [tokens.length] } }, [
        graphNames.inputsEmbeds,
      ]);
      return outputs.floats(graphNames.inputsEmbeds, tokens.length * this.#decoder.hiddenSize);
    }, urgency);
  }
}
