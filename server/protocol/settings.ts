import { z } from 'zod';
import { maxUserTextBytes } from './limits.js';

const encoder = new TextEncoder();

/** Text of a person: not empty, at most {@link maxUserTextBytes} bytes of UTF-8. */
export const personTextSchema = z
  .string()
  .min(1)
  .refine((text) => encoder.encode(text).byteLength <= maxUserTextBytes, {
    error: `Text is longer than ${maxUserTextBytes} bytes of UTF-8: send less`,
  });

/** The heads that are added up to a frame's score. */
export const headsSchema = z
  .array(z.enum(['informative', 'relevance']))
  .min(1)
  .max(2)
  .refine((heads) => new Set(heads).size === heads.length, 'a head is named twice')
  .readonly();

/** When the assistant takes the turn; comparisons are strict (>). */
export const policySchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('threshold'), threshold: z.number().min(0).max(2) }),
  z.strictObject({ type: z.literal('sum'), threshold: z.number().min(0).max(1000) }),
  z.strictObject({
    type: z.literal('zscore'),
    deviations: z.number().min(-100).max(100),
    window: z.int().min(2).max(10_000),
    warm_up: z.int().min(0).max(10_000),
  }),
  z.strictObject({ type: z.literal('never') }),
]);

const live = {
  heads: headsSchema,
  policy: policySchema,
  cooldown: z.number().min(0).max(86_400).describe('Least video seconds between replies; 0 switches it off'),
  assistant_turns: z.enum(['keep', 'remove']),
  interrupt: z.enum(['cancel', 'finish']),
  repetition_penalty: z.number().positive().max(10),
  max_reply_tokens: z.int().min(1).max(4096),
};

/** Frames per second to sample. */
export const fpsSchema = z.number().positive().max(60);

const fixed = {
  fps: fpsSchema,
  system_prompt: personTextSchema,
  prompt_layout: z.enum(['trained', 'reference']),
  queue_limit: z.int().min(1).max(1024),
  batch_limit: z.int().min(1).max(64),
};

/** Settings that may change while a session runs, all present. */
export const liveSettingsSchema = z.strictObject(live);

/** All settings of a session, all present. */
export const sessionSettingsSchema = z.strictObject({ ...live, ...fixed });

const livePatch = {
  heads: live.heads.exactOptional(),
  policy: live.policy.exactOptional(),
  cooldown: live.cooldown.exactOptional(),
  assistant_turns: live.assistant_turns.exactOptional(),
  interrupt: live.interrupt.exactOptional(),
  repetition_penalty: live.repetition_penalty.exactOptional(),
  max_reply_tokens: live.max_reply_tokens.exactOptional(),
};

/** What `session.update` may change. */
export const liveSettingsPatchSchema = z.strictObject(livePatch);

/** What `session.open` may ask for; what is left out comes from the model's recommendation for the task. */
export const sessionSettingsPatchSchema = z.strictObject({
  ...livePatch,
  fps: fpsSchema.exactOptional(),
  system_prompt: fixed.system_prompt.exactOptional(),
  prompt_layout: fixed.prompt_layout.exactOptional(),
  queue_limit: fixed.queue_limit.exactOptional(),
  batch_limit: fixed.batch_limit.exactOptional(),
});

/** Live settings on the wire. */
export type WireLiveSettings = z.infer<typeof liveSettingsSchema>;

/** Session settings on the wire. */
export type WireSessionSettings = z.infer<typeof sessionSettingsSchema>;

/** A response policy on the wire. */
export type WirePolicy = z.infer<typeof policySchema>;
