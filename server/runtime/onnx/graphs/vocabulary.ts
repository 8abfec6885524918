import { DuetError } from '../../../errors.js';
import type { Manifest } from '../../folder/manifest.js';
import { graphNames } from './graph-names.js';
import type { Graph } from './graph.js';
import type { RunQueue, Urgency } from './run-queue.js';

/** Turns tokens into the decoder's embeddings, and its hidden states into logits for the next token. */
export class Vocabulary {
  readonly #embed: Graph;
  readonly #head: Graph | null;
  readonly #decoder: Manifest['decoder'];
  readonly #queue: RunQueue;

  /**
   * `embed` is the graph of the embeddings, `head` that of the language head; null if the decoder has it in
   * it.
   */
  constructor(embed: Graph, head: Graph | null, decoder: Manifest['decoder'], queue: RunQueue) {
    this.#embed = embed;
    this.#head = head;
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
      const isBatched = this.#embed.shapeOfInput(graphNames.inputIds)?.length === 2;
      const shape = isBatched ? [1, tokens.length] : [tokens.length];
      const inputs = { [graphNames.inputIds]: { data, shape } };
      const outputs = await this.#embed.run(inputs, [graphNames.inputsEmbeds]);
      return outputs.floats(graphNames.inputsEmbeds, tokens.length * this.#decoder.hiddenSize);
    }, urgency);
  }

  /**
   * Logits [vocabulary] for the token after the row whose state `hidden` [hidden] is; without a head of its
   * own what the decoder gave. The caller may change the array.
   */
  async logits(hidden: Float32Array): Promise<Float32Array> {
    if (this.#head === null) return hidden;
    const [logits = new Float32Array(0)] = await this.logitsOfRows(hidden);
    return logits;
  }

  /**
   * The logits after each of several rows, `hidden` [rows, hidden]; throws 'internal' without a head of its
   * own.
   */
  logitsOfRows(hidden: Float32Array): Promise<readonly Float32Array[]> {
    const head = this.#head;
    if (head === null) throw new DuetError('internal', 'the decoder gives logits of its last row alone');
    const { hiddenSize, vocabularySize } = this.#decoder;
    const rows = hidden.length / hiddenSize;
    return this.#queue.run(async () => {
      const inputs = { [graphNames.hidden]: { data: hidden, shape: [rows, hiddenSize] } };
      const outputs = await head.run(inputs, [graphNames.logits]);
      const logits = outputs.floats(graphNames.logits, rows * vocabularySize);
      return Array.from({ length: rows }, (_, row) =>
        logits.subarray(row * vocabularySize, (row + 1) * vocabularySize),
      );
    });
  }
}
