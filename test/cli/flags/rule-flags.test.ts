import { Command } from 'commander';
import { expect, test } from 'vitest';
import { addRuleOptions, rulesOf } from '../../../server/cli/flags/rule-flags.js';
import { benchmarks, findBenchmark } from '../../../server/scoring/benchmarks/index.js';

function rulesGiven(named: string, args: readonly string[], scored: 'run' | 'files' = 'files') {
  const benchmark = findBenchmark(named);
  const command = addRuleOptions(new Command(), benchmark, scored).exitOverride();
  command.configureOutput({ writeErr: () => undefined });
  return rulesOf(benchmark, command.parse([...args], { from: 'user' }).opts());
}

test('a rule that holds by default is switched off by its flag, another one on', () => {
  expect(rulesGiven('magqa', ['--no-pad', '--concat'])).toEqual({ pad: false, allMatch: true, concat: true });
});

test('numbers and choices are read as their rules have them', () => {
  expect(rulesGiven('grounding', ['--window', '4', '--threshold', '0.5', '--protocol', 'live'])).toEqual({
    ...{ window: 4, threshold: 0.5, protocol: 'live' },
  });
});

test.each([
  ['magqa', ['--num-examples', '-1'], 'expected a number from 0 to 1000000'],
  ['magqa', ['--num-examples', '1.5'], 'expected a whole number'],
  ['grounding', ['--window', '1.5'], 'expected a whole number'],
  ['grounding', ['--threshold', '0.9'], 'expected a number from 0.3 to 0.7'],
  ['highlights', ['--protocol', 'later'], 'Allowed choices are offline, live'],
])('%s %j is refused', (named, args, message) => {
  expect(() => rulesGiven(named, args)).toThrow(message);
});

test('what only files of other systems need is no flag of a run', () => {
  expect(() => rulesGiven('magqa', ['--concat'], 'run')).toThrow('unknown option');
});

test('no two benchmarks share a name', () => {
  const names = benchmarks.flatMap(({ name, aliases }) => [name, ...aliases]);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names)
    expect(findBenchmark(name).aliases.concat(findBenchmark(name).name)).toContain(name);
});
