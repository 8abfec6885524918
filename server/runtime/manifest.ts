import { z } from 'zod';
import { taskSettingsSchema } from './settings.js';

const count = z.int().positive();
const tokenId = z.int().nonnegative();

/** Files a model folder consists of besides its manifest. */
export const modelFileNames = [
  'vision.onnx',
  'embed.onnx',
  'decoder.onnx',
  'lm_head.onnx',
  'tokenizer.json',
] as const;

/** `manifest.json` of a duet model folder: everything the runtime must know beyond the graphs themselves. */
export const manifestSchema = z.strictObject({
  formatVersion: z.literal(1),
  name: z.string().min(1),
  version: z.string().min(1),
  description: z.string().default(''),
  precision: z.enum(['fp32', 'fp16', 'int8', 'int4']),
  /** What the folder was built from. */
  source: z.strictObject({ checkpoint: z.string(), adapter: z.string().nullable() }),
  /** Square input picture in pixels; pixel values are (rgb / 255 - mean) / std. */
  picture: z.strictObject({
    side: count,
    mean: z.tuple([z.number(), z.number(), z.number()]),
    std: z.tuple([z.number(), z.number(), z.number()]),
    resampling: z.literal('bilinear'),
    padding: z.literal('black'),
  }),
  tokensPerFrame: count,
  decoder: z.strictObject({
    hiddenSize: count,
    layers: count,
    queryHeads: count,
    keyValueHeads: count,
    headSize: count,
    ropeTheta: z.number().positive(),
    /** Largest number of tokens a context may hold. */
    maxContext: count,
    vocabularySize: count,
  }),
  /** `<|im_start|>`, `<|im_end|>` and every token that ends a reply. */
  tokens: z.strictObject({ start: tokenId, end: tokenId, endsReply: z.array(tokenId).min(1) }),
  promptLayout: z.enum(['trained', 'reference']),
  systemPrompt: z.string().min(1),
  /** Settings per task; `default` is used where nothing else is asked for. */
  recommended: z.object({ default: taskSettingsSchema }).catchall(taskSettingsSchema),
  /** Every other file of the folder (weights included) with its size and hash. */
  files: z.record(
    z.string(),
    z.strictObject({ bytes: z.int().nonnegative(), sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
  ),
});

/** A validated `manifest.json`. */
export type Manifest = z.infer<typeof manifestSchema>;

/** What the rest of the server may know about a loaded model. */
export type ModelDescription = Omit<Manifest, 'files' | 'formatVersion'>;

/** The part of a manifest that the rest of the server sees. */
export function describeManifest(manifest: Manifest): ModelDescription {
  return {
    name: manifest.name,
    version: manifest.version,
    description: manifest.description,
    precision: manifest.precision,
    source: manifest.source,
    picture: manifest.picture,
    tokensPerFrame: manifest.tokensPerFrame,
    decoder: manifest.decoder,
    tokens: manifest.tokens,
    promptLayout: manifest.promptLayout,
    systemPrompt: manifest.systemPrompt,
    recommended: manifest.recommended,
  };
}
