import { z } from 'zod';
import type { Question } from './question.js';
import { questionIdSchema, type QuestionId } from './question-id.js';

const reply = z.strictObject({
  time: z.number(),
  content: z.string(),
  delivery_time: z.number(),
});
const frame = z.tuple([z.number(), z.number(), z.number()]);

/** What was recorded while a question's video played, as the journal stores it for all later steps. */
export const playedSchema = z.strictObject({
  question_id: questionIdSchema,
  video_duration: z.number().nonnegative(),
  /**
   * Replies in order; times in seconds of the video. `delivery_time` is when a viewer of a live stream has
   * the whole reply.
   */
  replies: z.array(reply),
  /**
   * Replies that were made but not told, since they repeat earlier ones; absent in journals of older
   * versions.
   */
  suppressed: z.array(reply).default([]),
  /** `[time, informative score, relevance score]` of every frame, unrounded. */
  frames: z.array(frame),
  /** User turns that were never asked because the video ended first. */
  unasked: z.int().nonnegative(),
  /** How often the context filled up and was renewed. */
  renewals: z.int().nonnegative(),
  /** Warnings of the decoder. */
  warnings: z.array(z.string()),
});

/** {@link playedSchema}. */
export type Played = z.output<typeof playedSchema>;

/** A question whose video is missing or broken. */
export interface Unplayable {
  readonly type: 'unplayable';
  readonly questionId: QuestionId;
  readonly reason: string;
}

/** All replies that were made, the suppressed ones too, in the order of their times. */
export function rawReplies({
  replies,
  suppressed,
}: Pick<Played, 'replies' | 'suppressed'>): Played['replies'] {
  return [...replies, ...suppressed].sort((one, other) => one.time - other.time);
}

/** What happened to one question. */
export type QuestionOutcome = { readonly type: 'played'; readonly played: Played } | Unplayable;

/** A question and what was recorded for it. */
export interface Answer {
  readonly question: Question;
  readonly played: Played;
}
