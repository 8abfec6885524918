import { join } from 'node:path';
import { readModelFolder } from '../../../server/runtime/folder/model-folder.js';
import type { Manifest } from '../../../server/runtime/folder/manifest.js';
import { cacheShapeOf, KeyValueCache } from '../../../server/runtime/onnx/graphs/cache.js';
import { Graph } from '../../../server/runtime/onnx/graphs/graph.js';
import { LanguageDecoder } from '../../../server/runtime/onnx/graphs/language-decoder.js';
import { RunQueue } from '../../../server/runtime/onnx/graphs/run-queue.js';
import { Vocabulary } from '../../../server/runtime/onnx/graphs/vocabulary.js';
import { VisionEncoder } from '../../../server/runtime/onnx/sight/vision-encoder.js';
import { spentOn, type Spent } from '../measurement.js';
import type { PartTimes } from './python-rival.js';

/** The parts of a frame in a model folder of ours, each on its own, on this thread. */
export class OurParts implements AsyncDisposable {
  readonly #graphs: readonly Graph[];
  readonly #manifest: Manifest;
  readonly #vision: VisionEncoder;
  readonly #decoder: LanguageDecoder;
  readonly #vocabulary: Vocabulary;

  private constructor(manifest: Manifest, { vision, decoder, embed, head }: Graphs) {
    const queue = new RunQueue();
    this.#graphs = [vision, decoder, embed, head];
    this.#manifest = manifest;
    this.#vision = new VisionEncoder(vision, manifest, queue);
    this.#decoder = new LanguageDecoder(decoder, manifest.decoder, queue);
    this.#vocabulary = new Vocabulary(embed, head, manifest.decoder, queue);
  }

  /** Loads a folder; its files are not checked. */
  static async load(folder: string, threads: number): Promise<OurParts> {
    const { path, manifest } = await readModelFolder(folder, 'sizes');
    const load = (file: string) => Graph.load(join(path, file), { threads });
    return new OurParts(manifest, {
      vision: await load('vision.onnx'),
      decoder: await load('decoder.onnx'),
      embed: await load('embed.onnx'),
      head: await load('lm_head.onnx'),
    });
  }

  /** Times a picture, the rows of a frame behind a context of so many tokens, and one token there. */
  async parts(context: number, repeats: number): Promise<PartTimes> {
    const cache = new KeyValueCache(cacheShapeOf(this.#manifest.decoder));
    const { side } = this.#manifest.picture;
    const rgb = Uint8Array.from({ length: side * side * 3 }, (_, index) => (index * 7919) % 251);
    const see = async () =>
      (await this.#vision.look([{ width: side, height: side, rgb }], null, go)).embeddings;
    const frame = await see();
    const token = await this.#vocabulary.embed([7]);
    while (cache.length < context) {
      const rows = Array.from({ length: Math.min(64, context - cache.length) }, () => 5);
      await this.#decoder.append(cache, await this.#vocabulary.embed(rows), go);
    }
    const behind = (work: () => Promise<unknown>) => async () => {
      await work();
      cache.cutBackTo(context);
    };
    return {
      vision: await repeated(repeats, see),
      frame: await repeated(
        repeats,
        behind(() => this.#decoder.appendForHeads(cache, frame, go)),
      ),
      token: await repeated(
        repeats,
        behind(async () =>
          likeliest(await this.#vocabulary.logits(await this.#decoder.appendForLast(cache, token, go))),
        ),
      ),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const graph of this.#graphs) await graph[Symbol.asyncDispose]();
  }
}

interface Graphs {
  readonly vision: Graph;
  readonly decoder: Graph;
  readonly embed: Graph;
  readonly head: Graph;
}

/** Nobody aborts. */
const go = (): void => undefined;

async function repeated(times: number, work: () => Promise<unknown>): Promise<Spent[]> {
  const found: Spent[] = [];
  for (let time = 0; time < times; time += 1) found.push(await spentOn(work));
  return found;
}

function likeliest(logits: Float32Array): number {
  let best = 0;
  for (let token = 1; token < logits.length; token += 1)
    if ((logits[token] ?? 0) > (logits[best] ?? 0)) best = token;
  return best;
}
