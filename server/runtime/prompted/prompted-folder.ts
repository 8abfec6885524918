import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { DuetError } from '../../errors.js';
import { maxTokenizerBytes, readJsonFile } from '../../read-json-file.js';
import type { ContextCapacity, ModelCapabilities } from '../capabilities.js';
import { capabilitiesOf } from '../folder/capabilities-of.js';
import { manifestSchema, type Manifest } from '../folder/manifest.js';
import { requirePossibleSizes } from '../folder/model-folder.js';
import { addedTokensSchema, exportConfigSchema, preprocessorSchema } from './export-config.js';
import { findGraphs, type FoundGraphs } from './graph-variants.js';
import { wishesFile, wishesSchema, type Prompts } from './prompts.js';

/**
 * Reads the folder of a model that was exported for transformers.js: a chat model that sees pictures, without
 * heads. `variant` is one of its number formats; null for the one that suits a CPU best. Throws 'not_found'
 * or 'model_failed' naming the file and the field, 'unsupported' for another architecture.
 */
export async function readPromptedFolder(path: string, variant: string | null): Promise<PromptedFolder> {
  const graphs = findGraphs(path, variant);
  const config = await readConfig(path);
  const preprocessor = await readChecked(path, 'preprocessor_config.json', preprocessorSchema);
  const tokenizer = await readChecked(path, 'tokenizer.json', addedTokensSchema, maxTokenizerBytes);
  const wishes = existsSync(join(path, wishesFile))
    ? await readChecked(path, wishesFile, wishesSchema)
    : wishesSchema.parse({});
  const { prompts, askEvery, ...named } = wishes;
  const manifest = {
    formatVersion: 1,
    ...named,
    name: named.name ?? basename(resolve(path)),
    precision: graphs.precision,
    source: { checkpoint: basename(resolve(path)), adapter: null },
    picture: pictureOf(path, config, preprocessor),
    tokensPerFrame: Math.floor(config.vision_config.image_size / config.vision_config.patch_size) ** 2,
    decoder: decoderOf(path, config),
    tokens: tokensOf(path, config, tokenizer),
    promptLayout: 'trained',
    files: {},
  } satisfies Manifest;
  requireBounded(path, manifest);
  return { path, graphs, manifest, prompts, askEvery };
}

/** An exported model's folder, read and checked but for its graphs. */
export interface PromptedFolder {
  readonly path: string;
  readonly graphs: FoundGraphs;
  /** What the folder of a duet model would say of it. */
  readonly manifest: Manifest;
  readonly prompts: Prompts;
  readonly askEvery: number;
}

/** What the model of such a folder can do; its graphs need not be loaded. */
export function promptedCapabilities({ manifest, prompts }: PromptedFolder): ModelCapabilities {
  const capabilities = capabilitiesOf(manifest);
  const { capacity } = capabilities;
  return {
    ...capabilities,
    promptLayouts: [],
    capacity: capacity === null ? null : { ...capacity, total: capacity.total - roomFor(prompts, capacity) },
  };
}

/** Tokens that are kept free for what stands behind a frame: no token has less than a byte. */
function roomFor(prompts: Prompts, { total, markup }: ContextCapacity): number {
  const longest = Math.max(...Object.values(prompts).map((text) => Buffer.byteLength(text)));
  return Math.min(longest + markup, Math.floor(total / 2));
}

/**
 * A short text that differs between such folders, and variants of one: its settings, and sizes and times of
 * its graphs.
 */
export async function promptedFingerprint({ path, graphs }: PromptedFolder): Promise<string> {
  const hash = createHash('sha256');
  for (const name of ['config.json', 'preprocessor_config.json', wishesFile]) {
    hash.update(await readFile(join(path, name)).catch(() => ''));
  }
  for (const graph of [graphs.vision, graphs.embed, graphs.decoder, join(path, 'tokenizer.json')]) {
    const { size, mtimeMs } = await stat(graph);
    hash.update(`${graph} ${size} ${mtimeMs}`);
  }
  return hash.digest('hex').slice(0, 16);
}

/** Throws 'model_failed' for sizes that no memory would be enough for. */
function requireBounded(path: string, manifest: Manifest): void {
  const file = join(path, 'config.json');
  const { error } = manifestSchema.safeParse(manifest);
  const [issue] = error?.issues ?? [];
  if (issue !== undefined) {
    throw new DuetError('model_failed', `${file} makes ${issue.path.join('.')} impossible: ${issue.message}`);
  }
  requirePossibleSizes(manifest, file);
}

type Config = z.infer<typeof exportConfigSchema>;

/** Before anything else, so that another architecture is named and not one of its fields. */
const familySchema = z.object({
  model_type: z.string().max(200),
  text_config: z.object({ model_type: z.string().max(200).optional() }).optional(),
});

async function readConfig(path: string): Promise<Config> {
  const { model_type: type, text_config: text } = await readChecked(path, 'config.json', familySchema);
  if (type !== 'llava_onevision' || (text?.model_type ?? 'qwen2') !== 'qwen2') {
    const decoder = text?.model_type === undefined ? '' : ` with a decoder "${text.model_type}"`;
    throw new DuetError(
      'unsupported',
      `${path} is a "${type}"${decoder}; of exported models Duet runs LLaVA-OneVision with a Qwen2 decoder ` +
        '("llava_onevision", "qwen2"); serve others with an engine: duet model inspect FOLDER says which',
    );
  }
  return readChecked(path, 'config.json', exportConfigSchema);
}

async function readChecked<Schema extends z.ZodType>(
  folder: string,
  name: string,
  schema: Schema,
  most?: number,
): Promise<z.output<Schema>> {
  const path = join(folder, name);
  if (!existsSync(path)) {
    throw new DuetError('not_found', `${path} is missing; download it from where the folder comes from`);
  }
  const json = await readJsonFile(path, most).catch((cause: unknown) => {
    throw new DuetError('model_failed', `${path} could not be read: ${String(cause)}`, { cause });
  });
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = (issue?.path.join('.') ?? '').slice(0, 200);
  throw new DuetError('model_failed', `${path}: field "${field}": ${(issue?.message ?? '').slice(0, 500)}`);
}

function pictureOf(
  path: string,
  { vision_config: vision }: Config,
  { size, image_mean: mean, image_std: std }: z.infer<typeof preprocessorSchema>,
): Manifest['picture'] {
  if (size.height === vision.image_size && size.width === vision.image_size) {
    // As transformers.js and transformers make the overall view of a picture.
    return { side: size.width, mean, std, resampling: 'bilinear', padding: 'black', fit: 'stretch' };
  }
  throw new DuetError(
    'model_failed',
    `${path}: preprocessor_config.json has pictures of ${size.height} x ${size.width}, but the tower of config.json ` +
      `takes ${vision.image_size}`,
  );
}

function decoderOf(path: string, { text_config: text }: Config): Manifest['decoder'] {
  const headSize = text.head_dim ?? text.hidden_size / text.num_attention_heads;
  const theta = text.rope_parameters?.rope_theta ?? text.rope_theta ?? text.rope_scaling?.rope_theta;
  if (!Number.isInteger(headSize) || headSize % 2 !== 0 || theta === undefined) {
    throw new DuetError(
      'model_failed',
      `${path}/config.json: "hidden_size" ${text.hidden_size} and "num_attention_heads" ` +
        `${text.num_attention_heads} make no heads of even size, or "rope_theta" is missing`,
    );
  }
  return {
    hiddenSize: text.hidden_size,
    layers: text.num_hidden_layers,
    queryHeads: text.num_attention_heads,
    keyValueHeads: text.num_key_value_heads,
    headSize,
    ropeTheta: theta,
    maxContext: text.max_position_embeddings,
    vocabularySize: text.vocab_size,
  };
}

function tokensOf(
  path: string,
  config: Config,
  { added_tokens: tokens }: z.infer<typeof addedTokensSchema>,
): Manifest['tokens'] {
  const find = (content: string): number => {
    const id = tokens.find((token) => token.content === content)?.id;
    if (id !== undefined && id < config.text_config.vocab_size) return id;
    throw new DuetError(
      'model_failed',
      `${path}/tokenizer.json has no token ${content} of the Qwen2 chat markup`,
    );
  };
  const end = find('<|im_end|>');
  const named = config.eos_token_id ?? config.text_config.eos_token_id ?? find('<|endoftext|>');
  return { start: find('<|im_start|>'), end, endsReply: [...new Set([end, named].flat())] };
}
