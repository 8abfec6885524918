import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Architecture } from '../checkpoint/architecture.js';
import type { Manifest } from '../../runtime/folder/manifest.js';
import { addDecoderGraph } from './decoder-graph.js';
import { copyDetectorGraphs } from './detector-graphs.js';
import { ModelPart } from './model-part.js';
import type { MatrixFormat } from '../weights/stored-matrix.js';
import { addEmbeddingGraph, addLanguageHeadGraph, tiedLanguageHeadGraph } from './text-graphs.js';
import { addVisionGraph } from './vision-graph.js';
import type { WritingWatch } from '../weights/weight-file.js';
import type { WeightSource } from '../checkpoint/weight-source.js';

/** Writes a model's four graphs and their weights. */
export async function buildGraphs(build: GraphBuild): Promise<void> {
  const { architecture } = build;
  const plan = precisionPlans[build.precision];
  await buildTower(build, plan);
  await buildPart(build, 'decoder', (part) => addDecoderGraph(part, architecture.decoder, plan.decoder));
  await buildTextGraphs(build, plan);
}

async function buildTower(build: GraphBuild, plan: PrecisionPlan): Promise<void> {
  const { tower, decoder } = build.architecture;
  if (tower.type === 'detector') {
    build.onGraph('vision');
    await copyDetectorGraphs(build.checkpoint, build.folder, tower, decoder.hiddenSize);
    return;
  }
  await buildPart(build, 'vision', (part) => addVisionGraph(part, { ...tower, decoder }, plan.vision));
}

/** Inputs and outputs of a build. */
interface GraphBuild {
  /** Where graphs lie that are ready. */
  readonly checkpoint: string;
  readonly folder: string;
  readonly source: WeightSource;
  readonly architecture: Architecture;
  readonly precision: Manifest['precision'];
  readonly watch: WritingWatch;
  /** Called when a graph is started. */
  readonly onGraph: (graph: GraphName) => void;
}

async function buildTextGraphs(build: GraphBuild, plan: PrecisionPlan): Promise<void> {
  const { folder } = build;
  const { decoder } = build.architecture;
  const table = await buildPart(build, 'embed', (part) => addEmbeddingGraph(part, decoder, plan.embeddings));
  if (decoder.tiedHead && plan.embeddings === plan.languageHead) {
    build.onGraph('lm_head');
    await writeFile(join(folder, 'lm_head.onnx'), tiedLanguageHeadGraph(table, decoder).encode());
    return;
  }
  await buildPart(build, 'lm_head', (part) => addLanguageHeadGraph(part, decoder, plan.languageHead));
}

async function buildPart<Result>(
  build: GraphBuild,
  name: GraphName,
  fill: (part: ModelPart) => Promise<Result>,
): Promise<Result> {
  build.onGraph(name);
  const part = await ModelPart.begin(build.folder, name, build.source, build.watch);
  try {
    const result = await fill(part);
    await part.finish();
    return result;
  } finally {
    await part[Symbol.asyncDispose]();
  }
}

/** A model's graphs, in build order. */
export const modelGraphs = ['vision', 'decoder', 'embed', 'lm_head'] as const;

/** Name of a graph's file, without its extension. */
export type GraphName = (typeof modelGraphs)[number];

/** How each part of a model is stored. */
interface PrecisionPlan {
  readonly vision: MatrixFormat;
  readonly decoder: MatrixFormat;
  readonly languageHead: MatrixFormat;
  readonly embeddings: 'fp32' | 'fp16';
}

/**
 * What a precision means for each part. With int4 only the decoder's layers take 4 bits: they are most of a
 * large model, while the vision tower and the language head suffer most from quantisation. Embeddings are
 * looked up, not multiplied, so they are never quantised.
 */
const precisionPlans: Readonly<Record<Manifest['precision'], PrecisionPlan>> = {
  fp32: { vision: 'fp32', decoder: 'fp32', languageHead: 'fp32', embeddings: 'fp32' },
  fp16: { vision: 'fp16', decoder: 'fp16', languageHead: 'fp16', embeddings: 'fp16' },
  int8: { vision: 'int8', decoder: 'int8', languageHead: 'int8', embeddings: 'fp16' },
  int4: { vision: 'int8', decoder: 'int4', languageHead: 'int8', embeddings: 'fp16' },
};
