import { z } from 'zod';

/** The heads whose probabilities are added up to a frame's score (so the score of both is in [0, 2]). */
export const headsSchema = z
  .array(z.enum(['informative', 'relevance']))
  .min(1)
  .refine((heads) => new Set(heads).size === heads.length, 'a head is named twice');

/** When the assistant takes the turn; every comparison is strict (>). */
export const policySettingsSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('threshold'), threshold: z.number().min(0).max(2) }),
  z.strictObject({ type: z.literal('sum'), threshold: z.number().min(0).max(1000) }),
  z.strictObject({
    type: z.literal('zscore'),
    deviations: z.number().min(-100).max(100),
    window: z.int().min(2).max(10_000),
    warmUp: z.int().min(0).max(10_000),
  }),
  z.strictObject({ type: z.literal('never') }),
]);

/** One response policy and its numbers. */
export type PolicySettings = z.infer<typeof policySettingsSchema>;

/** What a model's maker recommends for one task. */
export const taskSettingsSchema = z.strictObject({
  fps: z.number().positive().max(60),
  maxFrames: z.int().positive().optional(),
  heads: headsSchema,
  policy: policySettingsSchema,
  assistantTurns: z.enum(['keep', 'remove']),
  /** Least video seconds from one reply's frame to the next reply; 0 switches it off. */
  cooldown: z.number().min(0).default(0),
});

/** Recommended settings for one task. */
export type TaskSettings = z.infer<typeof taskSettingsSchema>;
