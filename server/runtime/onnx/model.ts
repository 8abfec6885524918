import { join } from 'node:path';
import { z } from 'zod';
import { DuetError } from '../../errors.js';
import { readJsonFile } from '../../read-json-file.js';
import type { ModelCapabilities } from '../capabilities.js';
import { capabilitiesOf } from '../folder/capabilities-of.js';
import type { Manifest } from '../folder/manifest.js';
import type { ContextOptions, DuetModel } from '../model.js';
import { promptedCapabilities, type PromptedFolder } from '../prompted/prompted-folder.js';
import { OnnxContext } from './context/context.js';
import { defaultRowsPerSlice } from './context/feed.js';
import type { ModelParts } from './context/model-parts.js';
import {
  describedDecoder,
  describedEmbed,
  describedHead,
  describedTokens,
  describedVision,
} from './fit/described-graphs.js';
import { requireFit, type LoadGraph } from './fit/graph-fit.js';
import { Graph } from './graphs/graph.js';
import type { GraphOptions } from './graphs/graph.js';
import { LanguageDecoder } from './graphs/language-decoder.js';
import { RunQueue } from './graphs/run-queue.js';
import { Vocabulary } from './graphs/vocabulary.js';
import { loadPromptedParts } from './prompted/load-prompted.js';
import { VisionEncoder } from './sight/vision-encoder.js';
import { DetectorSight } from './sight/detector-sight.js';
import type { Sight } from './sight/sight.js';
import { layOut } from './text/chat-layout.js';
import { SpelledSayings } from './text/spelled-sayings.js';
import { readTokenizer, type ChatTokenizer } from './text/tokenizer.js';

/**
 * A model whose graphs run on the current thread. Servers use it through workers; tests and one-shot tools
 * may use it directly.
 */
export class OnnxModel implements DuetModel {
  readonly capabilities: ModelCapabilities;
  readonly #parts: ModelParts;
  readonly #graphs: readonly Graph[];
  readonly #queue: RunQueue;

  private constructor(
    parts: ModelParts,
    graphs: readonly Graph[],
    queue: RunQueue,
    capabilities: ModelCapabilities,
  ) {
    this.#parts = parts;
    this.#graphs = graphs;
    this.#queue = queue;
    this.capabilities = capabilities;
  }

  /** Loads the graphs and tokenizer from the folder `path`, whose manifest has been checked. */
  static async load(path: string, manifest: Manifest, options: OnnxModelOptions): Promise<OnnxModel> {
    return OnnxModel.#load(options, capabilitiesOf(manifest), async (loadAt, queue) => {
      const load: LoadGraph = (file, described) => loadAt(join(path, file), described);
      const sight = await loadSight(load, manifest, queue);
      const embed = await load('embed.onnx', describedEmbed(manifest));
      const decoderGraph = await load('decoder.onnx', describedDecoder(manifest));
      const decoder = new LanguageDecoder(decoderGraph, manifest.decoder, queue);
      const head = await load('lm_head.onnx', describedHead(manifest));
      const vocabulary = new Vocabulary(embed, head, manifest.decoder, queue);
      const tokenizer = await readTokenizer(join(path, 'tokenizer.json'), manifest.tokens);
      const scoring = { type: 'heads', decoder } as const;
      const sayings = await loadSayings(path, manifest, tokenizer);
      return { manifest, tokenizer, sight, sayings, vocabulary, decoder, scoring, layOut };
    });
  }

  /** Loads a model that was exported for transformers.js, which is asked for its scores. */
  static loadPrompted(folder: PromptedFolder, options: OnnxModelOptions): Promise<OnnxModel> {
    return OnnxModel.#load(options, promptedCapabilities(folder), (load, queue) =>
      loadPromptedParts(folder, load, queue),
    );
  }

  static async #load(
    options: OnnxModelOptions,
    capabilities: ModelCapabilities,
    loadParts: LoadParts,
  ): Promise<OnnxModel> {
    const queue = new RunQueue();
    const graphs: Graph[] = [];
    const load: LoadGraph = async (path, described) => {
      const graph = await Graph.load(path, options);
      graphs.push(graph);
      requireFit(graph, described);
      return graph;
    };
    try {
      const { rowsPerSlice = defaultRowsPerSlice } = options;
      const parts = { ...(await loadParts(load, queue)), rowsPerSlice };
      return new OnnxModel(parts, graphs, queue, capabilities);
    } catch (error) {
      for (const graph of graphs) await graph[Symbol.asyncDispose]();
      throw error;
    }
  }

  measure(text: string): Promise<number> {
    return Promise.resolve(this.#parts.tokenizer.encode([{ type: 'text', text }]).length);
  }

  openContext(options: ContextOptions, signal?: AbortSignal): Promise<OnnxContext> {
    // A prompted model has a layout of its own, which is like the trained one where they could differ.
    const promptLayout = this.capabilities.promptLayouts.length === 0 ? 'trained' : options.promptLayout;
    return OnnxContext.open(this.#parts, { ...options, promptLayout }, signal);
  }

  /** Waits for the running model call, then frees the graphs. Its contexts fail from then on. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#queue.close();
    for (const graph of this.#graphs) await graph[Symbol.asyncDispose]();
  }
}

type LoadParts = (load: LoadGraph, queue: RunQueue) => Promise<Omit<ModelParts, 'rowsPerSlice'>>;

async function loadSight(load: LoadGraph, manifest: Manifest, queue: RunQueue): Promise<Sight> {
  const vision = await load('vision.onnx', describedVision(manifest));
  if (manifest.tower === undefined) return new VisionEncoder(vision, manifest, queue);
  const tokens = await load('tokens.onnx', describedTokens(manifest));
  return new DetectorSight({ vision, tokens }, manifest, queue);
}

async function loadSayings(
  path: string,
  { tower }: Manifest,
  tokenizer: ChatTokenizer,
): Promise<SpelledSayings | null> {
  if (!tower?.grounded) return null;
  const file = join(path, 'sentences.json');
  try {
    return new SpelledSayings(await readJsonFile(file, maxSentencesBytes), tokenizer);
  } catch (error) {
    throw new DuetError('model_failed', `${file} cannot be used: ${reasonOf(error)}`, { cause: error });
  }
}

const maxSentencesBytes = 1 << 20;

function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError) return z.prettifyError(error);
  return error instanceof Error ? error.message : String(error);
}

/** How a model is loaded on this thread. */
interface OnnxModelOptions extends GraphOptions {
  /** Rows of text per model call; other contexts run between calls. It does not affect the results. */
  readonly rowsPerSlice?: number;
}
