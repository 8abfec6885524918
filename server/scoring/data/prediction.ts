import { z } from 'zod';
import { questionIdSchema, type QuestionId } from './question-id.js';

/** A line of a prediction file. */
export type Prediction = OnlinePrediction | OfflinePrediction;

/** One turn of the conversation as a prediction file reports it. */
export interface Turn {
  readonly role: 'user' | 'assistant';
  readonly content: string;
  /** Seconds on the media clock: the frame the turn belongs to; -1 if the system gave no time. */
  readonly time: number;
  /** Seconds on the media clock when a viewer had the whole reply; null if not measured. */
  readonly deliveryTime: number | null;
}

/** The scores of both heads for one frame; each is the probability of the positive class. */
export interface PredictedFrame {
  /** Seconds on the media clock. */
  readonly time: number;
  readonly informative: number | null;
  readonly relevance: number | null;
}

/** A line from a system that watched the stream and spoke on its own. */
export interface OnlinePrediction {
  readonly type: 'online';
  readonly questionId: QuestionId;
  /** Line of the file, from 1. */
  readonly line: number;
  readonly turns: readonly Turn[];
  /** Seconds. */
  readonly videoDuration: number | null;
  readonly frames: readonly PredictedFrame[];
}

/** A line from a system that saw the whole video and answered with one text. */
export interface OfflinePrediction {
  readonly type: 'offline';
  readonly questionId: QuestionId;
  /** Line of the file, from 1. */
  readonly line: number;
  readonly text: string;
  /** Seconds. */
  readonly videoDuration: number;
}

/** The assistant's turns, in the order of the file. */
export function assistantTurns(turns: readonly Turn[]): Turn[] {
  return turns.filter((turn) => turn.role === 'assistant');
}

/** Whether a prediction gives the delivery time of at least one reply. */
export function isDeliveryMeasured(prediction: Prediction): boolean {
  return prediction.type === 'online' && prediction.turns.some((turn) => turn.deliveryTime !== null);
}

const turnSchema = z.object({
  role: z.enum(['user', 'assistant']),
  content: z.string(),
  time: z.number(),
  delivery_time: z.number().nullish(),
});

/**
 * Models in half precision overflow, and Python then writes NaN or Infinity; code that uses a score decides
 * whether to accept that.
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

/** One per-frame record as written in the file, of either generation. */
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

/** A prediction line without its frame records. */
export const lineWithoutFramesSchema = lineSchema.omit({ debug_data: true });
