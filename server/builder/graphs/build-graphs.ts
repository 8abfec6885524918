import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Architecture } from '../checkpoint/architecture.js';
import type { BuildProgress } from '../build-options.js';
import { addDecoderGraph } from './decoder-graph.js';
import { ModelPart } from './model-part.js';
import type { PrecisionPlan } from '../weights/precision-plan.js';
import { addEmbeddingGraph, addLanguageHeadGraph, tiedLanguageHeadGraph } from './text-graphs.js';
import { addVisionGraph } from './vision-graph.js';
import type { WritingWatch } from '../weights/weight-file.js';
import type { WeightSource } from '../weights/weight-source.js';

/** Where the graphs go, what they are made of, and who is told. */
export interface GraphBuild {
  readonly folder: string;
  readonly source: WeightSource;
  readonly architecture: Architecture;
  readonly plan: PrecisionPlan;
  readonly watch: WritingWatch;
  /** Called when a graph is begun. */
  readonly onStep: (step: Exclude<BuildProgress['step'], 'checksums'>) => void;
}

/** Writes the four graphs of a model and their weights. */
export async function buildGraphs(build: GraphBuild): Promise<void> {
  const { architecture, plan } = build;
  await buildPart(build, 'vision', (part) => addVisionGraph(part, architecture, plan.vision));
  await buildPart(build, 'decoder', (part) => addDecoderGraph(part, architecture.decoder, plan.decoder));
  await buildTextGraphs(build);
}

async function buildTextGraphs(build: GraphBuild): Promise<void> {
  const { plan, folder } = build;
  const { decoder } = build.architecture;
  const table = await buildPart(build, 'embed', (part) => addEmbeddingGraph(part, decoder, plan.embeddings));
  if (decoder.tiedHead && plan.embeddings === plan.languageHead) {
    build.onStep('lm_head');
    await writeFile(join(folder, 'lm_head.onnx'), tiedLanguageHeadGraph(table, decoder).encode());
    return;
  }
  await buildPart(build, 'lm_head', (part) => addLanguageHeadGraph(part, decoder, plan.languageHead));
}

async function buildPart<Result>(
  build: GraphBuild,
  name: 'vision' | 'decoder' | 'embed' | 'lm_head',
  fill: (part: ModelPart) => Promise<Result>,
): Promise<Result> {
  build.onStep(name);
  const part = await ModelPart.begin(build.folder, name, build.source, build.watch);
  try {
    const result = await fill(part);
    await part.finish();
    return result;
  } finally {
    await part[Symbol.asyncDispose]();
  }
}
