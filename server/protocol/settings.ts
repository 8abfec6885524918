import { z } from 'zod';
import { pick } from '../settings/pick.js';
import { wireSettingSchemas } from '../settings/schema.js';
import { liveSettingNames } from '../settings/session-settings.js';
import { wireName } from '../settings/wire-name.js';

const live = pick(wireSettingSchemas, liveSettingNames.map(wireName));

/** Settings that may change while a session runs; all are required. */
export const liveSettingsSchema = z.strictObject(live);

/** All settings of a session; all are required. */
export const sessionSettingsSchema = z.strictObject(wireSettingSchemas);

/** What `session.update` may change. */
export const liveSettingsPatchSchema = z.strictObject(optional(live));

/** What `session.open` may set; the rest comes from the model's recommendation for the task. */
export const sessionSettingsPatchSchema = z.strictObject(optional(wireSettingSchemas));

function optional<Shape extends Readonly<Record<string, z.ZodType>>>(
  shape: Shape,
): { [Name in keyof Shape]: z.ZodExactOptional<Shape[Name]> } {
  const entries = Object.entries(shape).map(([name, schema]) => [name, schema.exactOptional()]);
  return Object.fromEntries(entries) as { [Name in keyof Shape]: z.ZodExactOptional<Shape[Name]> };
}
