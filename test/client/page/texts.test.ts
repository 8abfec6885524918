import { expect, test } from 'vitest';
import { clockText, lengthText, shortClockText } from '../../../client/common/clock-text.js';
import {
  cardQuestions,
  tellingQuestion,
  titleOf,
  type SampleClip,
} from '../../../client/page/picker/samples.js';
import { levelOf, startingPolicies } from '../../../server/settings/controls.js';
import { withLevel } from '../../../server/settings/policies.js';
import { wireSettingSchemas } from '../../../server/settings/schema.js';

test.each([
  [0, '00:00.0', '00:00'],
  [83.25, '01:23.3', '01:23'],
  [59.96, '01:00.0', '01:00'],
  [3599.99, '1:00:00.0', '1:00:00'],
  [-1, '00:00.0', '00:00'],
])('%f s reads %s, or %s for short', (seconds, text, short) => {
  expect(clockText(seconds)).toBe(text);
  expect(shortClockText(seconds)).toBe(short);
});

test.each([
  [24.4, '24 s'],
  [120, '2 min'],
  [200, '3 min 20 s'],
])('a length of %f s reads %s', (seconds, text) => {
  expect(lengthText(seconds)).toBe(text);
});

test.each([
  ['street', 'Street'],
  ['evening-garden_2', 'Evening garden 2'],
])('the sample %s is called %s', (name, title) => {
  expect(titleOf(name)).toBe(title);
});

test('the question on a card is one that other samples do not have', () => {
  const sample = (name: string, ...questions: string[]): SampleClip => ({
    ...{ name, url: '', questions, annotated: [], footage: 'real' },
  });
  const street = sample('street', 'What is happening?', 'Watch the dog.', 'Watch the bus.');
  const all = [street, sample('kitchen', 'What is happening?', 'Watch the bus.'), sample('quiet')];
  expect(all.map((one) => tellingQuestion(one, all))).toEqual(['Watch the dog.', 'What is happening?', null]);
});

test('a card shows the telling question, and before it those that come first, none twice', () => {
  const sample = (name: string, ...questions: string[]): SampleClip => ({
    ...{ name, url: '', questions, annotated: [], footage: 'real' },
  });
  const street = sample('street', 'What is happening?', 'What is happening?', 'Watch the dog.');
  const all = [street, sample('kitchen', 'What is happening?'), sample('quiet')];
  expect(all.map((one) => cardQuestions(one, all, 2))).toEqual([
    ['What is happening?', 'Watch the dog.'],
    ['What is happening?'],
    [],
  ]);
  expect(cardQuestions(street, all, 1)).toEqual(['Watch the dog.']);
});

test.each(Object.values(startingPolicies))(
  'the policy $type that the page starts with is one the server takes',
  (policy) => {
    expect(wireSettingSchemas.policy.parse(policy)).toEqual(policy);
  },
);

test('the slider of a threshold goes up to the number of heads', () => {
  const policy = startingPolicies.threshold;
  expect(levelOf({ policy, heads: ['informative'] })?.max).toBe(1);
  expect(levelOf({ policy, heads: ['informative', 'relevance'] })?.max).toBe(2);
});

test.each([
  [startingPolicies.threshold, { type: 'threshold', threshold: 0.7 }],
  [startingPolicies.sum, { type: 'sum', threshold: 0.7 }],
  [startingPolicies.zscore, { type: 'zscore', deviations: 0.7, window: 40, warm_up: 8 }],
  [startingPolicies.never, { type: 'never' }],
])('the slider changes the number of policy $type and nothing else', (policy, expected) => {
  expect(withLevel(policy, 0.7)).toEqual(expected);
});
