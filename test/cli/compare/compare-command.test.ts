import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compareCommand } from '../../../server/cli/compare/compare-command.js';
import { buildReport } from '../../../server/scoring/report/build-report.js';
import { reportToJson } from '../../../server/scoring/report/to-json.js';
import type { TaskReport } from '../../../server/scoring/report/report.js';
import { temporaryFiles, type TemporaryFiles } from '../../scoring/support/temporary-files.js';

const blank: TaskReport = {
  task: 'magqa',
  mode: 'strict',
  options: { allMatch: true, concurrency: 1 },
  versions: { in_span: '1' },
  judge: { id: 'lexical', comparable: false, promptHash: 'abc' },
  notes: [],
  counts: {},
  headline: [],
  values: {},
  exampleMetric: 'in_span',
  examples: [],
};

/** A report of values by id; ids that begin alike share a label. */
function reportOf(values: Readonly<Record<string, number>>, changes: Partial<TaskReport> = {}): string {
  const examples = Object.entries(values).map(([id, value]) => ({
    id,
    value,
    tags: { first: id.charAt(0) },
  }));
  const task = { ...blank, examples, ...changes };
  return reportToJson(buildReport(task, { resampling: null, sliceBy: [] }), true);
}

async function compare(...flags: string[]): Promise<{ printed: string; warnings: string[] }> {
  const printed: string[] = [];
  const warnings: string[] = [];
  const command = compareCommand({
    print: (text) => printed.push(text),
    warn: (text) => warnings.push(text),
  });
  command.exitOverride().configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
  await command.parseAsync(flags, { from: 'user' });
  return { printed: printed.join('\n'), warnings };
}

const compareJson = async (...flags: string[]): Promise<unknown> =>
  JSON.parse((await compare(...flags, '--json')).printed);

const tens = (value: (index: number) => number, prefix = 'a'): Record<string, number> =>
  Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`${prefix}${index}`, value(index)]));

function twoRuns(files: TemporaryFiles, changes: Partial<TaskReport> = {}): readonly [string, string] {
  const a = files.write('a.json', reportOf(tens((index) => 1 + index / 10)));
  const b = files.write('b.json', reportOf({ ...tens((index) => 1.5 + index / 20), z1: 5 }, changes));
  return [a, b];
}

describe('duet compare', () => {
  test('gives means, difference, interval, p-value and wins over the shared examples', async () => {
    using files = temporaryFiles();
    const a = files.write('a.json', reportOf({ x: 1, y: 2, z: 3, onlyA: 5 }));
    const b = files.write('b.json', reportOf({ z: 3, y: 4, x: 0.5, onlyB1: 1, onlyB2: 1 }));
    expect(await compareJson(a, b)).toMatchObject({
      task: 'magqa',
      metric: 'in_span',
      baseline: { name: 'a', n_examples: 4 },
      warnings: [],
      runs: [
        {
          name: 'b',
          n_pairs: 3,
          baseline_mean: 2,
          run_mean: 2.5,
          difference: 0.5,
          wins: 1,
          ties: 1,
          losses: 1,
          only_baseline: 1,
          only_run: 2,
          interval: { level: 0.95, resamples: 10_000 },
        },
      ],
    });
  });

  test('tells a difference that holds from one that is chance', async () => {
    using files = temporaryFiles();
    const a = files.write('a.json', reportOf(tens(() => 1)));
    const better = files.write('better.json', reportOf(tens(() => 2)));
    const mixed = files.write('mixed.json', reportOf(tens((index) => (index % 2 === 0 ? 2 : 0))));
    const same = files.write('same.json', reportOf(tens(() => 1)));
    const body = (await compareJson(a, better, mixed, same)) as {
      runs: readonly { p_value: number; p_value_holm: number }[];
    };
    // All ten signs alike happens in 2 of 1024 flips.
    const [first, second, third] = body.runs;
    expect(first?.p_value).toBeCloseTo(2 / 1024, 3);
    expect(first?.p_value_holm).toBeCloseTo(3 * (first?.p_value ?? 0), 12);
    expect([second?.p_value, third?.p_value, third?.p_value_holm]).toEqual([1, 1, 1]);
  });

  test('says the same with the same seed, and something else with another', async () => {
    using files = temporaryFiles();
    const [a, b] = twoRuns(files);
    const { printed } = await compare(a, b, '--json');
    expect((await compare(a, b, '--json')).printed).toBe(printed);
    expect((await compare(a, b, '--json', '--seed', '1')).printed).not.toBe(printed);
  });

  test('compares within the labels of a tag', async () => {
    using files = temporaryFiles();
    const a = files.write('a.json', reportOf({ p1: 1, p2: 1, q1: 3 }));
    const b = files.write('b.json', reportOf({ p1: 2, p2: 2, q1: 1 }));
    expect(await compareJson(a, b, '--slice-by', 'first')).toMatchObject({
      runs: [
        {
          slices: {
            first: [
              { label: 'p', n_pairs: 2, difference: 1, wins: 2 },
              { label: 'q', n_pairs: 1, difference: -2, losses: 1, interval: null },
            ],
          },
        },
      ],
      notes: ['p-values of slices are not corrected for their number'],
    });
    const { printed } = await compare(a, b, '--slice-by', 'first');
    expect(printed).toMatch(/by first:\n.*\n {2}p +2 +1\.0000 +2\.0000 +\+1\.0000/);
    await expect(compare(a, b, '--slice-by', 'tongue')).rejects.toThrow(
      'no example has the tag "tongue"; known tags: first',
    );
  });

  test('prints a table and rows of LaTeX, with names that LaTeX can read', async () => {
    using files = temporaryFiles();
    const a = files.write('a_1.json', reportOf(tens(() => 1)));
    const b = files.write('50%.json', reportOf(tens(() => 2)));
    const { printed } = await compare(a, b);
    expect(printed).toMatch(/^magqa: in_span, against a_1 \(10 examples\)\n\n.*wins\/ties\/losses/);
    expect(printed).toMatch(
      /^50% +10 +1\.0000 +2\.0000 +\+1\.0000 +\+1\.0000 to \+1\.0000 +0\.00\d\d +10\/0\/0/m,
    );
    expect(printed).not.toContain('Holm');
    expect((await compare(a, b, a)).printed).toContain('Holm');
    const [first, second] = (await compare(a, b, '--format', 'latex')).printed.split('\n');
    expect(first).toBe('a\\_1 & 1.00 & & \\\\');
    expect(second).toMatch(/^50\\% & 2\.00 & \$\+1\.00\$ \[\$\+1\.00\$, \$\+1\.00\$\] & 0\.00\d\d \\\\$/);
  });

  test.each<[string, Partial<TaskReport>, string]>([
    ['mode', { mode: 'compat' }, 'mode differs: "strict" in a, "compat" in b'],
    [
      'judge',
      { judge: { id: 'x', comparable: true, promptHash: 'abc' } },
      'judge differs: "lexical" in a, "x" in b',
    ],
    [
      'prompt',
      { judge: { id: 'lexical', comparable: true, promptHash: null } },
      'prompt (hash) differs: "abc" in a, null',
    ],
    ['version', { versions: { in_span: '2' } }, 'metric version in_span differs: "1" in a, "2" in b'],
    [
      'option',
      { options: { allMatch: false, concurrency: 1 } },
      'option all_match differs: true in a, false in b',
    ],
  ])('warns loudly where the %s differs, and goes on', async (_, changes, message) => {
    using files = temporaryFiles();
    const runs = twoRuns(files, changes);
    expect((await compare(...runs)).printed).toMatch(/^WARNING: /);
    const { printed, warnings } = await compare(...runs, '--json');
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(message);
    expect(JSON.parse(printed)).toMatchObject({ warnings, runs: [{ n_pairs: 10 }] });
  });

  test('ignores how many cases were judged at once', async () => {
    using files = temporaryFiles();
    const runs = twoRuns(files, { options: { allMatch: true, concurrency: 8 } });
    expect(await compareJson(...runs)).toMatchObject({ warnings: [] });
  });

  test.each<[string, Partial<TaskReport>]>([
    ['task differs: "magqa" in a, "pauc" in b', { task: 'pauc' }],
    ['metric differs: "in_span" in a, "ioU" in b', { exampleMetric: 'ioU' }],
  ])('refuses where %s, unless it is allowed', async (message, changes) => {
    using files = temporaryFiles();
    const runs = twoRuns(files, changes);
    await expect(compare(...runs)).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining(message) as unknown,
    });
    expect((await compare(...runs, '--allow-different')).printed).toContain(`WARNING: ${message}`);
  });

  test('takes the folder of a benchmark, and names runs apart', async () => {
    using files = temporaryFiles();
    const [a] = twoRuns(files);
    const folder = join(dirname(a), 'runs', 'a');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'report.json'), reportOf(tens(() => 2)));
    expect(await compareJson(a, folder)).toMatchObject({
      baseline: { name: a },
      runs: [{ name: folder, file: join(folder, 'report.json') }],
    });
    await expect(compare(a, dirname(folder))).rejects.toThrow('report.json: no such file');
  });

  test('leaves examples without a value out, and says so', async () => {
    using files = temporaryFiles();
    const a = files.write('a.json', reportOf({ x: 1, y: Number.NaN }));
    const b = files.write('b.json', reportOf({ x: 1, y: 1 }));
    expect(await compareJson(a, b)).toMatchObject({
      runs: [{ n_pairs: 1, only_run: 1 }],
      notes: ['1 examples of a have no value and are left out'],
    });
  });

  test('names what is wrong with a file, on one line', async () => {
    using files = temporaryFiles();
    const [a] = twoRuns(files);
    const refuse = async (content: string, message: string) => {
      const file = files.write('wrong.json', content);
      await expect(compare(a, file)).rejects.toThrow(message);
    };
    await refuse('{"task": "magqa"', 'wrong.json:1: the JSON ends too early');
    await refuse('[1]', 'wrong.json:1: Invalid input: expected object, received array');
    await refuse('{"task": 1}', 'wrong.json:1: field task: Invalid input: expected string');
    const short = JSON.stringify({ ...(JSON.parse(reportOf({ x: 1 })) as object), examples: undefined });
    await refuse(short, 'does not list its examples; write it with: duet score <task> ... --json --examples');
    const twice = { id: 'x', value: 1, tags: {} };
    await refuse(reportOf({}, { examples: [twice, twice] }), 'field examples[1].id: "x" is listed twice');
    await refuse(reportOf({ other: 1 }), 'have no example in common');
    await refuse(
      reportOf({ a1: 1 }).replace('"example_metric":"in_span",', ''),
      'does not say what its examples',
    );
    await expect(compare(a, 'nowhere.json')).rejects.toMatchObject({ code: 'not_found' });
    await expect(compare(a)).rejects.toThrow("missing required argument 'runs'");
    await expect(compare(a, a, '--bootstrap', '0')).rejects.toThrow('from 100 to 1000000');
  });
});
