import { expect, test } from 'vitest';
import { levelOf, liveControls, onlyLive, startingPolicies } from '../../server/settings/controls.js';
import { levelNumber, policyNames, policyTable, withLevel } from '../../server/settings/policies.js';
import { wireSettingSchemas } from '../../server/settings/schema.js';
import { liveSettingNames } from '../../server/settings/session-settings.js';
import { wireName } from '../../server/settings/wire-name.js';
import { wireSettings } from '../client/wire-events.js';

test('every control changes a setting that may change while a session runs', () => {
  const live: readonly string[] = liveSettingNames.map((name) => wireName(name));
  for (const { name } of liveControls) expect(live).toContain(name);
});

test.each(liveControls.filter(({ type }) => type === 'choice'))(
  'every option of $label is one the server takes',
  (control) => {
    const options = 'options' in control ? control.options : [];
    for (const { value } of options) expect(wireSettingSchemas[control.name].parse(value)).toBe(value);
    expect(options.length).toBeGreaterThan(1);
  },
);

test.each(liveControls.filter(({ type }) => type === 'slider'))(
  'both ends of the slider $label are numbers the server takes',
  (control) => {
    if (control.type !== 'slider') return;
    for (const end of [control.min, control.max])
      expect(wireSettingSchemas[control.name].parse(end)).toBe(end);
  },
);

test.each(policyNames)('the policy %s starts within the range of its slider, and of the server', (type) => {
  const policy = startingPolicies[type];
  expect(wireSettingSchemas.policy.parse(policy)).toEqual(policy);
  const level = levelOf({ policy, heads: ['informative'] });
  expect(level === null).toBe(policyTable[type].level === null);
  if (level === null) return;
  expect(level.value).toBeGreaterThanOrEqual(level.min);
  expect(level.value).toBeLessThanOrEqual(level.max);
  for (const end of [level.min, level.max]) {
    expect(wireSettingSchemas.policy.parse(withLevel(policy, end))).toEqual(withLevel(policy, end));
  }
});

test('the level of a policy is the number that people turn, in the server and on the wire alike', () => {
  expect(levelNumber({ type: 'zscore', deviations: 1.5, window: 9, warmUp: 1 })).toBe(1.5);
  expect(levelNumber({ type: 'zscore', deviations: 1.5, window: 9, warm_up: 1 })).toBe(1.5);
  expect(levelNumber({ type: 'sum', threshold: 2 })).toBe(2);
  expect(levelNumber({ type: 'never' })).toBeNull();
});

test('of all settings on the wire only the live ones are handed to the next session', () => {
  expect(Object.keys(onlyLive(wireSettings))).toEqual(liveSettingNames.map((name) => wireName(name)));
});
