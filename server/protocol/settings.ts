import { z } from 'zod';
import { wireSettingSchemas } from '../settings/schema.js';
import { liveSettingNames, settingNames } from '../settings/session-settings.js';
import { wireName } from '../settings/wire-name.js';

const live = pick(wireSettingSchemas, liveSettingNames.map(wireName));
const all = { ...live, ...pick(wireSettingSchemas, settingNames.map(wireName)) };

/** Settings that may change while a session runs, all present. */
export const liveSettingsSchema = z.strictObject(live);

/** All settings of a session, all present. */
export const sessionSettingsSchema = z.strictObject(all);

/** What `session.update` may change. */
export const liveSettingsPatchSchema = z.strictObject(optional(live));

/** What `session.open` may ask for; what is left out comes from the model's recommendation for the task. */
export const sessionSettingsPatchSchema = z.strictObject(optional(all));

function pick<Shape, Name extends keyof Shape>(shape: Shape, names: readonly Name[]): Pick<Shape, Name> {
  return Object.fromEntries(names.map((name) => [name, shape[name]])) as Pick<Shape, Name>;
}

function optional<Shape extends Readonly<Record<string, z.ZodType>>>(
  shape: Shape,
): { [Name in keyof Shape]: z.ZodExactOptional<Shape[Name]> } {
  const entries = Object.entries(shape).map(([name, schema]) => [name, schema.exactOptional()]);
  return Object.fromEntries(entries) as { [Name in keyof Shape]: z.ZodExactOptional<Shape[Name]> };
}
