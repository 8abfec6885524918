import { describe, expect, expectTypeOf, test } from 'vitest';
import type { SnakeCasedPropertiesDeep } from 'type-fest';
import { liveSettingsPatchSchema, sessionSettingsSchema } from '../../server/protocol/settings.js';
import { settingSchemas, wireSettingSchemas } from '../../server/settings/schema.js';
import {
  defaultSettings,
  liveSettingNames,
  liveSettings,
  maxTextBytes,
  settingNames,
  settingTable,
  type LiveSettings,
  type SessionSettings,
} from '../../server/settings/session-settings.js';
import type { Setting } from '../../server/settings/setting.js';
import { taskSettingsSchema } from '../../server/settings/task-settings.js';
import { wireName, type WireLiveSettings } from '../../server/settings/wire-name.js';
import { wireSettings } from '../client/wire-events.js';

const numbers = settingNames.flatMap((name) => {
  const setting: Setting = settingTable[name];
  return setting.kind === 'number' || setting.kind === 'whole' ? [{ name, setting }] : [];
});

test('the types are those that a reader of the table expects', () => {
  expectTypeOf<SessionSettings['heads']>().toEqualTypeOf<readonly ('informative' | 'relevance')[]>();
  expectTypeOf<SessionSettings['interrupt']>().toEqualTypeOf<'cancel' | 'finish'>();
  expectTypeOf<SessionSettings['cooldown']>().toEqualTypeOf<number>();
  expectTypeOf<SessionSettings['systemPrompt']>().toEqualTypeOf<string>();
  expectTypeOf<keyof LiveSettings>().toExtend<keyof SessionSettings>();
  expectTypeOf<LiveSettings>().not.toHaveProperty('fps');
  expectTypeOf<WireLiveSettings>().toEqualTypeOf<SnakeCasedPropertiesDeep<LiveSettings>>();
});

describe.each(numbers)('$name', ({ name, setting }) => {
  const schema = settingSchemas[name];
  const least = 'above' in setting ? setting.smallest : setting.from;

  test.each([
    ['its smallest', least, true],
    ['its largest', setting.to, true],
    ['more than its largest', setting.to + 1, false],
    ['less than its smallest', 'above' in setting ? setting.above : setting.from - 1, false],
    ['a half', Math.floor(setting.to) - 0.5, setting.kind === 'number'],
    ['no number', Number.NaN, false],
    ['text', '1', false],
  ])('%s (%j) is taken: %j', (_what, value, taken) => {
    expect(schema.safeParse(value).success).toBe(taken);
    expect(wireSettingSchemas[wireName(name)].safeParse(value).success).toBe(taken);
  });
});

test('every default is a value that is taken', () => {
  for (const [name, value] of Object.entries({ ...defaultSettings.live, ...defaultSettings.fixed })) {
    expect(settingSchemas).toHaveProperty(name);
    const schema = Object.entries(settingSchemas).find(([each]) => each === name)?.[1];
    expect(schema?.parse(value)).toBe(value);
  }
});

test('a text is limited in bytes of UTF-8, not in characters', () => {
  const { systemPrompt } = settingSchemas;
  expect(systemPrompt.safeParse('é'.repeat(maxTextBytes / 2)).success).toBe(true);
  expect(systemPrompt.safeParse('é'.repeat(maxTextBytes / 2 + 1)).error?.issues[0]?.message).toContain(
    `${maxTextBytes} bytes of UTF-8`,
  );
  expect(systemPrompt.safeParse('').success).toBe(false);
});

test('policies have the same names everywhere, their numbers those of each side', () => {
  const inside = { type: 'zscore', deviations: 1, window: 2, warmUp: 3 };
  const onWire = { type: 'zscore', deviations: 1, window: 2, warm_up: 3 };
  expect(settingSchemas.policy.parse(inside)).toEqual(inside);
  expect(wireSettingSchemas.policy.parse(onWire)).toEqual(onWire);
  expect(settingSchemas.policy.safeParse(onWire).success).toBe(false);
  expect(wireSettingSchemas.policy.safeParse(inside).success).toBe(false);
});

test('whole settings leave nothing out; a patch may leave out everything, and changes only live ones', () => {
  expect(sessionSettingsSchema.parse(wireSettings)).toEqual(wireSettings);
  for (const name of settingNames) {
    const rest = Object.fromEntries(Object.entries(wireSettings).filter(([each]) => each !== wireName(name)));
    expect(sessionSettingsSchema.safeParse(rest).success, name).toBe(false);
    const patch = { [wireName(name)]: wireSettings[wireName(name)] };
    const isLive = liveSettingNames.some((live) => live === name);
    expect(liveSettingsPatchSchema.safeParse(patch).success, name).toBe(isLive);
  }
  expect(liveSettingsPatchSchema.parse({})).toEqual({});
});

test('of all settings the live ones are kept', () => {
  const settings = { ...defaultSettings.live, ...defaultSettings.fixed, fps: 2 };
  expect(
    Object.keys(
      liveSettings({
        ...settings,
        heads: [],
        policy: { type: 'never' },
        cooldown: 0,
        assistantTurns: 'keep',
      }),
    ),
  ).toEqual(liveSettingNames);
});

test('what a maker recommends is checked like what a client asks for; no cooldown means none', () => {
  const task = { fps: 2, heads: ['relevance'], policy: { type: 'never' }, assistantTurns: 'keep' };
  expect(taskSettingsSchema.parse(task)).toEqual({ ...task, cooldown: 0 });
  for (const wrong of [{ fps: 0 }, { heads: [] }, { policy: { type: 'sum' } }, { cooldown: 86_401 }]) {
    expect(taskSettingsSchema.safeParse({ ...task, ...wrong }).success).toBe(false);
  }
});
