import { expect, test } from 'vitest';
import { benchFlagsOf } from '../support/bench-flags.js';
import { numberBetween, wholeBetween } from '../../../server/cli/flags/number-flags.js';
import { scoreCommand } from '../../../server/cli/score/score-command.js';
import { changedSettings, type SessionChange } from '../../../server/settings/session-change.js';
import type { PolicySettings } from '../../../server/settings/policies.js';

test.each([
  ['1', 1],
  ['-0.5', -0.5],
  ['.5', 0.5],
  ['5.', 5],
  ['1e1', 10],
  [' 7 ', 7],
])('%j is the number %d', (text, value) => {
  expect(numberBetween(-10, 10)(text)).toBe(value);
});

test.each(['', ' ', 'NaN', 'Infinity', '0x5', '0b1', '1_000', '1,5', '5s', '--5', '11', '1e9'])(
  '%j is no number of a flag, or beyond its range',
  (text) => {
    expect(() => numberBetween(-10, 10)(text)).toThrow('expected a number from -10 to 10');
  },
);

test('a part is no whole number', () => {
  expect(() => wholeBetween(1, 9)('2.5')).toThrow('expected a whole number');
});

const policies: readonly PolicySettings[] = [
  { type: 'threshold', threshold: 0.5 },
  { type: 'sum', threshold: 2 },
  { type: 'zscore', deviations: 2, window: 60, warmUp: 10 },
];

test.each<[SessionChange, string]>([
  [
    { threshold: 5 },
    '--threshold 5: the policy threshold takes a number from 0 to 2 (a score is at most 1, and 2 added up)',
  ],
  [{ threshold: -0.1 }, 'from 0 to 2'],
  [{ threshold: 1.5, heads: ['informative'] }, 'from 0 to 1 (a score is at most 1, and 1 added up)'],
  [{ threshold: -1, policy: 'sum' }, '--threshold -1: the policy sum takes a number from 0 to 1000'],
  [
    { threshold: 101, policy: 'zscore' },
    '--threshold 101: the policy zscore takes a number from -100 to 100',
  ],
])('%j is refused, naming the range', (flags, message) => {
  expect(() => changedSettings(flags, { type: 'threshold', threshold: 0.5 })).toThrow(message);
});

test.each(policies)('what is within the range of $type is taken', (policy) => {
  expect(changedSettings({ policy: policy.type, threshold: 1 }, policy).policy?.type).toBe(policy.type);
});

test.each([
  ['--fps', '0'],
  ['--fps', '0x2'],
  ['--max-frames', '1.5'],
  ['--limit', '0'],
  ['--jobs', '1000'],
  ['--cooldown', '-1'],
  ['--max-reply-tokens', '1e9'],
  ['--sweep', '0x1,0.5'],
  ['--bootstrap', '999999999'],
  ['--num-examples', '999999999'],
  ['--judge-concurrency', '0'],
  ['--judge-budget', '-1'],
  ['--judge-timeout', 'NaN'],
])('duet bench magqa %s %s is refused', (flag, value) => {
  expect(() => benchFlagsOf('magqa', [flag, value])).toThrow(/is invalid\. (expected|these)/);
});

test.each([
  ['grounding', '--threshold', '5'],
  ['pauc', '--omega', '2'],
])('duet score %s %s %s is refused', async (task, flag, value) => {
  const command = scoreCommand(() => undefined);
  for (const each of [command, ...command.commands])
    each.exitOverride().configureOutput({ writeErr: () => undefined });
  const args = [task, '--pred', 'p', '--gold', 'g', flag, value];
  await expect(command.parseAsync(args, { from: 'user' })).rejects.toThrow('expected a');
});
