import { Command } from 'commander';
import { expect, test } from 'vitest';
import {
  addLayoutOption,
  addMemoryOptions,
  addSamplingOptions,
  addTurnOptions,
} from '../../../server/cli/flags/session-flags.js';
import { changedSettings, type SessionChange } from '../../../server/settings/session-change.js';
import type { PolicySettings } from '../../../server/settings/policies.js';

const byThreshold: PolicySettings = { type: 'threshold', threshold: 0.4 };
const bySum: PolicySettings = { type: 'sum', threshold: 2 };
const never: PolicySettings = { type: 'never' };

test.each<[string, SessionChange, PolicySettings, PolicySettings]>([
  ['no flag keeps what is recommended', {}, bySum, bySum],
  ['--threshold alone keeps the recommended kind', { threshold: 3 }, bySum, { type: 'sum', threshold: 3 }],
  [
    '--threshold makes a silent model speak',
    { threshold: 0.3 },
    never,
    { type: 'threshold', threshold: 0.3 },
  ],
  ['--policy alone keeps the recommended number', { policy: 'threshold' }, byThreshold, byThreshold],
  ['--policy never needs no number', { policy: 'never' }, byThreshold, never],
  [
    '--threshold is the number of deviations for zscore',
    { policy: 'zscore', threshold: 1.5 },
    byThreshold,
    { type: 'zscore', deviations: 1.5, window: 60, warmUp: 10 },
  ],
])('%s', (_what, flags, recommended, expected) => {
  expect(changedSettings(flags, recommended)).toEqual({ policy: expected });
});

test.each<[string, SessionChange, PolicySettings]>([
  ['another kind of policy needs its number', { policy: 'sum' }, byThreshold],
  ['never takes no number', { policy: 'never', threshold: 1 }, byThreshold],
])('%s', (_what, flags, recommended) => {
  expect(() => changedSettings(flags, recommended)).toThrow('threshold');
});

test('the other flags set what they name and nothing else', () => {
  const flags: SessionChange = {
    fps: 4,
    heads: ['relevance'],
    cooldown: 0,
    keepTurns: true,
    maxReplyTokens: 5,
    promptLayout: 'reference',
    repetitionPenalty: 1.15,
  };
  expect(changedSettings(flags, never)).toEqual({
    fps: 4,
    heads: ['relevance'],
    cooldown: 0,
    assistantTurns: 'keep',
    maxReplyTokens: 5,
    promptLayout: 'reference',
    repetitionPenalty: 1.15,
    policy: never,
  });
});

test.each([
  ['--keep-turns', { assistantTurns: 'keep' }],
  ['--no-reading', { readText: 'off' }],
])('%s, a flag without a value, sets its word', (flag, set) => {
  const command = [addLayoutOption, addMemoryOptions, addSamplingOptions, addTurnOptions].reduce(
    (so, add) => add(so),
    new Command(),
  );
  expect(changedSettings(command.parse([], { from: 'user' }).opts(), never)).toEqual({ policy: never });
  expect(changedSettings(command.parse([flag], { from: 'user' }).opts(), never)).toEqual({
    ...set,
    policy: never,
  });
});
