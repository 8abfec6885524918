import { copyFile, readdir, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { manifestSchema } from '../runtime/folder/manifest.js';
import type { Manifest } from '../runtime/folder/manifest.js';
import { DuetError } from '../errors.js';
import { buildGraphs, modelGraphs } from './graphs/build-graphs.js';
import type { BuildOptions, BuildProgress, BuildReport } from './build-options.js';
import { readCheckpointConfig } from './checkpoint/checkpoint-config.js';
import type { Architecture } from './checkpoint/architecture.js';
import type { CheckpointConfig } from './checkpoint/checkpoint-config.js';
import { requireReadableFamily } from './checkpoint/checkpoint-family.js';
import { fingerprintFile } from './file-fingerprint.js';
import { exists } from './json-file.js';
import { explainLeftovers } from './checkpoint/leftover-tensors.js';
import { OpenedWeights } from './weights/opened-weights.js';
import { OutputFolder } from './output-folder.js';
import { readSpecialTokens } from './checkpoint/special-tokens.js';

/**
 * Builds a duet model folder from a Hugging Face checkpoint of the MMDuet architecture, merging a LoRA
 * adapter if one is given. Only a few pieces of the weights are in memory at a time, whatever the model's
 * size. The folder appears only when it is complete. Throws `DuetError` naming the file, config field or
 * tensor that is missing, wrong or unknown; 'cancelled' when `signal` fires.
 */
export async function buildModel(
  options: BuildOptions,
  onProgress: (progress: BuildProgress) => void = () => undefined,
  signal?: AbortSignal,
): Promise<BuildReport> {
  await requireReadableFamily(options.checkpoint);
  const config = await readCheckpointConfig(join(options.checkpoint, 'config.json'));
  const tokenizer = join(options.checkpoint, 'tokenizer.json');
  const { vocabularySize } = config.architecture.decoder;
  const tokens = await readSpecialTokens(options.checkpoint, vocabularySize, config.endTokens);
  const folder = await OutputFolder.prepare(options.output);
  const report = progressReporter(onProgress);
  try {
    const skipped = await writeGraphs(options, config, folder.workingPath, { report, signal });
    await copyFile(tokenizer, join(folder.workingPath, 'tokenizer.json'));
    report.step('checksums');
    const files = await fingerprintAll(folder.workingPath, signal);
    const manifest = manifestSchema.parse(composeManifest(options, config, tokens, files));
    const text = `${JSON.stringify(manifest, null, 2)}\n`;
    await writeFile(join(folder.workingPath, 'manifest.json'), text);
    await copyCard(options, folder.workingPath);
    throwIfAborted(signal);
    await folder.publish();
    const bytes = Object.values(files).reduce((sum, file) => sum + file.bytes, 0);
    return { output: resolve(options.output), manifest, bytes, skipped };
  } catch (error) {
    throwIfAborted(signal);
    throw error;
  } finally {
    await folder[Symbol.asyncDispose]();
  }
}

const steps: readonly BuildProgress['step'][] = [...modelGraphs, 'checksums'];
const cardName = 'MODEL_CARD.md';

type Reporter = ReturnType<typeof progressReporter>;

function progressReporter(onProgress: (progress: BuildProgress) => void) {
  let bytes = 0;
  let current: BuildProgress['step'] = 'vision';
  const tell = () => {
    onProgress({ step: current, done: steps.indexOf(current), total: steps.length, bytes });
  };
  return {
    step: (step: BuildProgress['step']) => {
      current = step;
      tell();
    },
    wrote: (count: number) => {
      bytes += count;
      tell();
    },
  };
}

async function writeGraphs(
  options: BuildOptions,
  { architecture }: CheckpointConfig,
  folder: string,
  { report, signal }: { report: Reporter; signal: AbortSignal | undefined },
): Promise<BuildReport['skipped']> {
  await using weights = await OpenedWeights.open(options);
  const source = weights.merged;
  const watch = { signal, onBytes: report.wrote };
  const { precision } = options;
  const from = { checkpoint: options.checkpoint, source, architecture };
  await buildGraphs({ ...from, folder, precision, watch, onGraph: report.step });
  return explainLeftovers(source.names, source.used, architecture);
}

async function fingerprintAll(folder: string, signal: AbortSignal | undefined): Promise<Manifest['files']> {
  const files: Manifest['files'] = {};
  for (const name of (await readdir(folder)).sort()) {
    files[name] = await fingerprintFile(join(folder, name), signal);
  }
  return files;
}

function composeManifest(
  { checkpoint, adapter, precision }: BuildOptions,
  { architecture, duet }: CheckpointConfig,
  tokens: Manifest['tokens'],
  files: Manifest['files'],
): Manifest {
  const { tower, decoder } = architecture;
  const source = {
    checkpoint: basename(resolve(checkpoint)),
    adapter: adapter === undefined ? null : basename(resolve(adapter)),
  };
  return {
    formatVersion: 1,
    ...duet,
    name: duet.name ?? source.adapter ?? source.checkpoint,
    precision,
    source,
    ...towerEntries(tower),
    decoder: {
      hiddenSize: decoder.hiddenSize,
      layers: decoder.layers,
      queryHeads: decoder.queryHeads,
      keyValueHeads: decoder.keyValueHeads,
      headSize: decoder.headSize,
      ropeTheta: decoder.ropeTheta,
      maxContext: decoder.maxContext,
      vocabularySize: decoder.vocabularySize,
    },
    tokens,
    files,
  };
}

function towerEntries(tower: Architecture['tower']): Pick<Manifest, 'picture' | 'tower' | 'tokensPerFrame'> {
  const half: Manifest['picture']['mean'] = [0.5, 0.5, 0.5];
  const picture = { mean: half, std: half, resampling: 'bilinear', padding: 'black' } as const;
  if (tower.type === 'siglip') {
    const { vision, pooling } = tower;
    return { picture: { side: vision.side, ...picture }, tokensPerFrame: pooling.side ** 2 };
  }
  const { type, association, grounded, side, tokensPerFrame } = tower;
  return {
    picture: { side, ...picture, fit: 'stretch' },
    tower: { type, association, ...(grounded ? { grounded } : {}) },
    tokensPerFrame,
  };
}

async function copyCard({ checkpoint, output }: BuildOptions, folder: string): Promise<void> {
  const card = join(checkpoint, cardName);
  if (resolve(output, cardName) !== resolve(card) && (await exists(card))) {
    await copyFile(card, join(folder, cardName));
  }
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new DuetError('cancelled', 'The build was cancelled.', { cause: signal.reason });
}
