import { z } from 'zod';
import { questionIdSchema } from './question-id.js';

const turnSchema = z.object({
  role: z.enum(['user', 'assistant']),
  content: z.string(),
  time: z.number(),
  delivery_time: z.number().nullish(),
});

/**
 * Models in half precision overflow, and Python writes NaN or Infinity then; whoever uses a score decides
 * whether that will do.
 */
const score = z.custom<number>((value) => typeof value === 'number');

const headScoreSchema = z.union([score, z.tuple([score, score])], {
  error: 'expected a probability or a pair of probabilities [negative, positive]',
});

const frameSchema = z.object({
  time: z.number().optional(),
  video_time: z.number().optional(),
  informative_score: headScoreSchema.optional(),
  relevance_score: headScoreSchema.optional(),
});

/** One per-frame record as it stands in the file, of either generation. */
export type RawFrame = z.output<typeof frameSchema>;

const videoDuration = z.number().nonnegative().nullish();

const responseText = z.union([z.string(), z.tuple([z.string()]).rest(z.string())], {
  error: 'expected a text or a list whose first element is a text',
});

/** A prediction line with the frame records checked. */
export const lineSchema = z.object({
  question_id: questionIdSchema,
  model_response_list: z.array(turnSchema).optional(),
  model_response: responseText.optional(),
  video_duration: videoDuration,
  debug_data: z.array(frameSchema).optional(),
});

/** A prediction line whose frame records nobody asks for. */
export const lineWithoutFramesSchema = lineSchema.omit({ debug_data: true });
