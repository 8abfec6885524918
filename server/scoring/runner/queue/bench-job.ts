import { createHash } from 'node:crypto';
import { z } from 'zod';
import { settingSchemas } from '../../../settings/schema.js';
import { samplerNames } from '../../../video/sampling/sampling-options.js';
import { idText, jsonOf, questionIdSchema } from '../../data/question-id.js';
import { spanSchema } from '../../data/span.js';
import { baselineSchema, playsFromGold } from '../play/baselines.js';
import { frameKinds } from '../play/frames-seen.js';
import { fingerprint, type RunIdentity } from '../runs/journal.js';
import { playedSchema, type QuestionOutcome } from '../../data/played.js';
import type { Question } from '../../data/question.js';
import type { PlaySettings } from '../play/settings.js';

const settingsSchema = z.strictObject({
  session: z.strictObject(settingSchemas),
  sampler: z.enum(samplerNames),
  maxFrames: z.int().positive().nullable(),
  pacing: z.enum(['fast', 'realtime']),
  frames: z.enum(frameKinds),
  baseline: baselineSchema.nullable(),
}) satisfies z.ZodType<PlaySettings>;

/** What a worker receives: a question and how to play it. */
export const benchJobSchema = z.strictObject({
  settings: settingsSchema,
  question: z.strictObject({
    questionId: questionIdSchema,
    video: z.string(),
    conversation: z.array(z.strictObject({ time: z.number(), content: z.string() })),
    /** Empty unless a baseline uses them. */
    gold: z.array(z.strictObject({ span: spanSchema, content: z.string() })),
  }),
});

/** {@link benchJobSchema}. */
export type BenchJob = z.output<typeof benchJobSchema>;

/** What a worker answers. */
export const outcomeSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('played'), played: playedSchema }),
  z.strictObject({ type: z.literal('unplayable'), questionId: questionIdSchema, reason: z.string() }),
]) satisfies z.ZodType<QuestionOutcome>;

/** The job of one question. */
export function jobOf(question: Question, settings: PlaySettings): BenchJob {
  const { questionId, video, conversation } = question;
  // JSON has no bigint; as text the id still names the same question.
  const id = typeof questionId === 'bigint' ? idText(questionId) : questionId;
  const gold = playsFromGold(settings.baseline) ? question.gold : [];
  return benchJobSchema.parse({ settings, question: { questionId: id, video, conversation, gold } });
}

/**
 * A job's id, equal for the same question of the same run, so that a continued run finds what was done
 * meanwhile.
 */
export function jobId(run: RunIdentity, { questionId }: Question): string {
  return `${fingerprint(run)}-${createHash('sha256').update(jsonOf(questionId)).digest('hex').slice(0, 16)}`;
}

/** Name of the queue that serves the workers of one model. */
export function queueName(modelFingerprint: string): string {
  return `duet-bench-${modelFingerprint}`;
}
