import { z } from 'zod';
import { pick } from './pick.js';
import { restraintNames } from './restraint-settings.js';
import { settingSchemas } from './schema.js';
import { defaultSettings, type SessionSettings } from './session-settings.js';

/** What a model's maker recommends for one task. */
export const taskSettingsSchema = z.strictObject({
  fps: settingSchemas.fps,
  maxFrames: z.int().positive().optional(),
  heads: settingSchemas.heads,
  policy: settingSchemas.policy,
  assistantTurns: settingSchemas.assistantTurns,
  cooldown: settingSchemas.cooldown.default(0),
  ...restraintSchemas(),
  memory: z.exactOptional(settingSchemas.memory),
  window: z.exactOptional(settingSchemas.window),
  textWindow: z.exactOptional(settingSchemas.textWindow),
  sink: z.exactOptional(settingSchemas.sink),
  positions: z.exactOptional(settingSchemas.positions),
  batchLimit: z.exactOptional(settingSchemas.batchLimit),
});

/** Recommended settings for one task. */
export type TaskSettings = z.infer<typeof taskSettingsSchema>;

/** What keeps the assistant from talking too much in a task: what its maker does not name is off. */
export function restraintsOf(task: TaskSettings): Pick<SessionSettings, RestraintName> {
  const off = pick(defaultSettings.live, restraintNames);
  return {
    ...off,
    ...pick(
      task,
      restraintNames.filter((name) => task[name] !== undefined),
    ),
  };
}

type RestraintName = (typeof restraintNames)[number];

function restraintSchemas(): {
  readonly [Name in RestraintName]: z.ZodExactOptional<z.ZodType<SessionSettings[Name]>>;
} {
  const entries = restraintNames.map((name) => [name, settingSchemas[name].exactOptional()]);
  return Object.fromEntries(entries) as ReturnType<typeof restraintSchemas>;
}
