import { copyFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { DuetError } from '../../errors.js';
import { foldedIds, foldedTokensFile, type FoldedTokens } from '../../runtime/heads/folded-tokens.js';
import type { ElementType } from '../../runtime/tensors/element-type.js';
import { readCheckpointConfig } from '../checkpoint/checkpoint-config.js';
import { requireReadableFamily } from '../checkpoint/checkpoint-family.js';
import type { WeightSource } from '../checkpoint/weight-source.js';
import { exists, readCheckedJson } from '../json-file.js';
import { OutputFolder } from '../output-folder.js';
import { OpenedWeights } from '../weights/opened-weights.js';
import { bytesOfTensor, writeShards } from '../weights/safetensors-shards.js';
import { chatTemplate } from './chat-template.js';
import { originalLayout, type EngineFiles, type EngineLayout } from './engine-layout.js';
import { foldTensors } from './fold-tensors.js';
import { foldVocabulary } from './folded-vocabulary.js';
import { headTokenTexts } from './head-tokens.js';
import { requireEmptyFolder, requireSpace } from './output-space.js';
import { transformersLayout } from './transformers-layout.js';

/**
 * Writes a checkpoint whose language head carries the two heads as four more rows, and whose tokenizer has
 * four tokens for them, so that an engine that gives log probabilities gives a frame's scores. An adapter is
 * merged in. Weights are read and written piece by piece; the folder appears only when it is complete. Throws
 * `DuetError` naming the file, field or tensor that is missing, wrong or unknown; 'storage_full' before
 * anything is written; 'cancelled' when `signal` fires.
 */
export async function foldCheckpoint(
  options: FoldOptions,
  onProgress: (progress: FoldProgress) => void = () => undefined,
  signal?: AbortSignal,
): Promise<FoldReport> {
  const { layout, decoder } = await readCheckpoint(options);
  const texts = [...headTokenTexts, ...layout.tokens];
  const vocabulary = await foldVocabulary(options.checkpoint, decoder.vocabularySize, texts);
  await requireEmptyFolder(options.output);
  await using weights = await OpenedWeights.open(options);
  const source = typed(weights.merged, options.dtype);
  const { tensors, tokens } = await foldTensors(source, decoder, layout, vocabulary);
  const total = tensors.reduce((sum, tensor) => sum + bytesOfTensor(tensor), 0);
  await requireSpace(options.output, total);
  await using folder = await OutputFolder.prepare(options.output);
  let done = 0;
  const onBytes = (bytes: number) => {
    done += bytes;
    onProgress({ done, total });
  };
  await writeShards(folder.workingPath, tensors, { signal, onBytes }, options.shardBytes);
  const files = { ...vocabulary.files, ...layout.files(vocabulary.size, vocabulary.ids) };
  const generation = { 'generation_config.json': await generationConfig(options.checkpoint, tokens) };
  const all = { ...files, ...generation, [foldedTokensFile]: tokens };
  await writeFiles(options.checkpoint, folder.workingPath, all);
  await folder.publish();
  return { output: resolve(options.output), tokens, bytes: total, vocabularySize: vocabulary.size };
}

/** What to fold, and into what. */
export interface FoldOptions {
  /** Folder with config.json, safetensors weights and tokenizer.json. */
  readonly checkpoint: string;
  /** Folder of a PEFT LoRA adapter to merge in. */
  readonly adapter?: string | undefined;
  /** For which engines: `transformers` for vLLM and Hugging Face's library, `original` for SGLang. */
  readonly layout: 'transformers' | 'original';
  /** Type of the weights; default: as they are stored, also those into which an adapter is merged. */
  readonly dtype?: WeightType | undefined;
  /** Folder for the folded checkpoint; it must be empty or not exist. */
  readonly output: string;
  /** Most bytes of one file of weights. */
  readonly shardBytes?: number;
}

/** A type of weights, named as engines name it. */
type WeightType = keyof typeof elementTypes;

const elementTypes = { float32: 'F32', bfloat16: 'BF16', float16: 'F16' } as const satisfies Record<
  string,
  ElementType
>;

/** Bytes of weights written so far, and in all. */
export interface FoldProgress {
  readonly done: number;
  readonly total: number;
}

/** The result of folding. */
interface FoldReport {
  /** Absolute path of the folded checkpoint. */
  readonly output: string;
  readonly tokens: FoldedTokens;
  /** Bytes of its weights. */
  readonly bytes: number;
  readonly vocabularySize: number;
}

async function readCheckpoint(options: FoldOptions) {
  await requireReadableFamily(options.checkpoint);
  const path = join(options.checkpoint, 'config.json');
  const { architecture } = await readCheckpointConfig(path);
  const { tower, decoder } = architecture;
  if (tower.type !== 'siglip') {
    throw new DuetError(
      'unsupported',
      `${options.checkpoint} sees with a detector, which GPU engines do not run; build it with duet model build`,
    );
  }
  const config = await readCheckedJson(path, z.looseObject({}));
  const make: (source: Parameters<typeof originalLayout>[0]) => EngineLayout =
    options.layout === 'original' ? originalLayout : transformersLayout;
  const { dtype } = options;
  const typedConfig = dtype === undefined ? config : { ...config, torch_dtype: dtype };
  return { decoder, layout: make({ config: typedConfig, vision: tower.vision }) };
}

/** The weights of `source`, all to be written as `dtype` if it is given. */
function typed(source: WeightSource, dtype: WeightType | undefined): WeightSource {
  if (dtype === undefined) return source;
  return {
    names: source.names,
    shape: (name) => source.shape(name),
    type: () => elementTypes[dtype],
    read: (name, start, count) => source.read(name, start, count),
  };
}

const generationSchema = z.looseObject({ suppress_tokens: z.array(z.int()).nullish() });

/** The checkpoint's settings for generation, which never choose the heads' tokens as words. */
async function generationConfig(checkpoint: string, tokens: FoldedTokens): Promise<object> {
  const path = join(checkpoint, 'generation_config.json');
  const found = (await exists(path)) ? await readCheckedJson(path, generationSchema) : {};
  return { ...found, suppress_tokens: [...(found.suppress_tokens ?? []), ...foldedIds(tokens)] };
}

/** Files that are taken over as they are. */
const copied = [
  'vocab.json',
  'merges.txt',
  'special_tokens_map.json',
  'LICENSE',
  'README.md',
  'MODEL_CARD.md',
];

async function writeFiles(checkpoint: string, folder: string, files: EngineFiles): Promise<void> {
  for (const name of copied) {
    if (await exists(join(checkpoint, name))) await copyFile(join(checkpoint, name), join(folder, name));
  }
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(folder, name), `${JSON.stringify(content, null, 2)}\n`);
  }
  await writeFile(join(folder, 'chat_template.jinja'), chatTemplate);
}
