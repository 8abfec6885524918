import { z } from 'zod';
import { settingSchemas } from './schema.js';

/** What a model's maker recommends for one task. */
export const taskSettingsSchema = z.strictObject({
  fps: settingSchemas.fps,
  maxFrames: z.int().positive().optional(),
  heads: settingSchemas.heads,
  policy: settingSchemas.policy,
  assistantTurns: settingSchemas.assistantTurns,
  cooldown: settingSchemas.cooldown.default(0),
});

/** Recommended settings for one task. */
export type TaskSettings = z.infer<typeof taskSettingsSchema>;
