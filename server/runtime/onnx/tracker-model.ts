import { join } from 'node:path';
import type { ModelCapabilities } from '../capabilities.js';
import type { Manifest } from '../folder/manifest.js';
import type { ContextOptions, DuetContext, DuetModel } from '../model.js';
import { trackerCapabilities } from '../tracker/tracker-capabilities.js';
import { TrackerContext } from '../tracker/tracker-context.js';
import { describedVision } from './fit/described-graphs.js';
import { Graph, type GraphOptions } from './graphs/graph.js';
import { requireFit } from './fit/graph-fit.js';
import { RunQueue } from './graphs/run-queue.js';
import { DetectorEyes } from './sight/detector-eyes.js';

/** The detector of a model folder, with rules and templates instead of its decoder. */
export class TrackerModel implements DuetModel {
  readonly capabilities: ModelCapabilities;
  readonly #eyes: DetectorEyes;
  readonly #graph: Graph;
  readonly #queue: RunQueue;

  private constructor(eyes: DetectorEyes, graph: Graph, queue: RunQueue, capabilities: ModelCapabilities) {
    this.#eyes = eyes;
    this.#graph = graph;
    this.#queue = queue;
    this.capabilities = capabilities;
  }

  /** Loads the detector from the folder `path`, whose manifest has been checked. */
  static async load(path: string, manifest: Manifest, options: GraphOptions): Promise<TrackerModel> {
    const queue = new RunQueue();
    const graph = await Graph.load(join(path, 'vision.onnx'), options);
    try {
      requireFit(graph, describedVision(manifest));
    } catch (error) {
      await graph[Symbol.asyncDispose]();
      throw error;
    }
    return new TrackerModel(
      new DetectorEyes(graph, manifest, queue),
      graph,
      queue,
      trackerCapabilities(manifest),
    );
  }

  measure(): Promise<number> {
    return Promise.resolve(0);
  }

  openContext({ follows }: ContextOptions): Promise<DuetContext> {
    return Promise.resolve(
      new TrackerContext((pictures, before, refuse) => this.#eyes.follow(pictures, before, refuse), follows),
    );
  }

  /** Waits for the running model call, then frees the graph. Its contexts fail from then on. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#queue.close();
    await this.#graph[Symbol.asyncDispose]();
  }
}
