import { z } from 'zod';
import { manifestSchema } from '../folder/manifest.js';

const prompt = z.string().min(1).max(500);

/** What a model without heads is asked behind a frame, and told to say. */
const promptsSchema = z.strictObject({
  /** Whether a frame shows something new; yes or no. */
  informative: prompt.default(
    'Does the newest picture show something new that is worth telling? Answer yes or no.',
  ),
  /** Whether it matters to what the user said; yes or no. */
  relevance: prompt.default('Does the newest picture answer what the user asked? Answer yes or no.'),
  /** What to say by itself. */
  tell: prompt.default('Say in one short sentence what is new in the newest picture.'),
  /** What to say once the user has said something. */
  answer: prompt.default(
    'Answer what the user asked in one short sentence, by what the newest pictures show.',
  ),
});

/** See {@link promptsSchema}. */
export type Prompts = z.infer<typeof promptsSchema>;

const fields = manifestSchema.shape;

/** Name of the optional file in which a user says how such a model is to be used. */
export const wishesFile = 'duet.json';

/** Contents of `duet.json`. */
export const wishesSchema = z.strictObject({
  name: fields.name.optional(),
  version: fields.version.default('0.0.0'),
  description: fields.description,
  about: fields.about,
  systemPrompt: fields.systemPrompt.default('You are a helpful assistant.'),
  prompts: promptsSchema.prefault({}),
  /** Ask after each so manieth frame; the others are only seen. */
  askEvery: z.int().min(1).max(1000).default(1),
  recommended: fields.recommended.prefault({
    default: {
      fps: 1,
      heads: ['informative', 'relevance'],
      policy: { type: 'threshold', threshold: 0.5 },
      assistantTurns: 'keep',
      cooldown: 5,
    },
  }),
});
