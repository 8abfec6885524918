import { z } from 'zod';
import { footageKinds } from '../../settings/footage.js';
import { taskSettingsSchema } from '../../settings/task-settings.js';
import { modelLimits, sizeUpTo } from './limits.js';

/** A validated `manifest.json`. */
export type Manifest = z.infer<typeof manifestSchema>;

const tokenId = z.int().min(0).max(modelLimits.vocabulary);
const channel = z.number().min(-1000).max(1000);
const deviation = z.number().min(1e-6).max(1000);
const shortText = z.string().max(500);
const language = z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'expected a language tag, as in en');
const languages = z.array(language).max(50);

/** What a person should know of a model before asking it something. */
const aboutSchema = z.strictObject({
  /** The pictures it was made for; absent: `real`. */
  footage: z.enum(footageKinds).optional(),
  /** Languages it reads and answers in. */
  languages: languages.min(1).optional(),
  /** One line on what it can see and what not, by language. */
  sees: z.record(language, shortText.min(1)).optional(),
  /**
   * Replies whose confidence is lower are `unsure`: where its maker has measured that they are wrong much
   * more often than others.
   */
  unsureBelow: z.number().gt(0).max(1).optional(),
  /** Questions that it can do something with, by language. */
  suggestions: z.record(language, z.array(shortText.min(1)).min(1).max(12)).optional(),
});

/** Files of every model folder besides its manifest. */
export const modelFileNames = [
  'vision.onnx',
  'embed.onnx',
  'decoder.onnx',
  'lm_head.onnx',
  'tokenizer.json',
] as const;

/** `manifest.json` of a duet model folder: everything the runtime needs besides the graphs. */
export const manifestSchema = z.strictObject({
  formatVersion: z.literal(1),
  name: shortText.min(1),
  version: shortText.min(1),
  description: z.string().max(20_000).default(''),
  about: aboutSchema.optional(),
  precision: z.enum(['fp32', 'fp16', 'int8', 'int4']),
  /** What the folder was built from. */
  source: z.strictObject({ checkpoint: shortText, adapter: shortText.nullable() }),
  /** Square input picture in pixels; pixel values are (rgb / 255 - mean) / std. */
  picture: z.strictObject({
    side: sizeUpTo(modelLimits.side),
    mean: z.tuple([channel, channel, channel]),
    std: z.tuple([deviation, deviation, deviation]),
    resampling: z.literal('bilinear'),
    padding: z.literal('black'),
    /** How pictures of other shapes become square; absent: `pad`. */
    fit: z.enum(['pad', 'stretch']).optional(),
  }),
  /**
   * How frames become tokens, unless `vision.onnx` gives the embeddings itself. `detector`: it gives
   * detections, which are followed from frame to frame (`association` names the way) and which `tokens.onnx`
   * makes into embeddings. `grounded`: replies are kept to what is seen, in the words of `sentences.json`.
   */
  tower: z
    .strictObject({
      type: z.literal('detector'),
      association: z.literal(1),
      grounded: z.boolean().optional(),
    })
    .optional(),
  /**
   * A reader of the text in its pictures that goes with the model; its weights are those of Duet, not of the
   * folder. Absent: none.
   */
  reader: z.literal('pp-ocrv4').optional(),
  tokensPerFrame: sizeUpTo(modelLimits.tokensPerFrame),
  decoder: z.strictObject({
    hiddenSize: sizeUpTo(modelLimits.hiddenSize),
    layers: sizeUpTo(modelLimits.layers),
    queryHeads: sizeUpTo(modelLimits.heads),
    keyValueHeads: sizeUpTo(modelLimits.heads),
    headSize: sizeUpTo(modelLimits.headSize),
    ropeTheta: z.number().positive().max(1e15),
    /** Largest number of tokens a context may hold. */
    maxContext: sizeUpTo(modelLimits.context),
    vocabularySize: sizeUpTo(modelLimits.vocabulary),
  }),
  /**
   * `<|im_start|>`, `<|im_end|>` and every token that ends a reply (in the layout `reference` only
   * `<|im_end|>` does).
   */
  tokens: z.strictObject({ start: tokenId, end: tokenId, endsReply: z.array(tokenId).min(1).max(64) }),
  promptLayout: z.enum(['trained', 'reference']),
  systemPrompt: z
    .string()
    .min(1)
    .max(16 * 1024),
  /** Settings per task; `default` applies unless a task is named. */
  recommended: z.object({ default: taskSettingsSchema }).catchall(taskSettingsSchema),
  /** Every other file of the folder (weights included) with its size and hash. */
  files: z.record(
    z.string(),
    z.strictObject({ bytes: z.int().nonnegative(), sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
  ),
});
