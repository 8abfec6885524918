import { expect } from 'vitest';
import { z } from 'zod';
import { scoreCommand } from '../../../server/cli/score/score-command.js';
import { DuetError } from '../../../server/errors.js';

/** What became of scoring: the report, or why it was refused. */
export type Outcome =
  | { readonly type: 'scored'; readonly report: Report }
  | { readonly type: 'refused'; readonly message: string };

const reportSchema = z
  .looseObject({
    counts: z.record(z.string(), z.int().nonnegative()),
    n_null_values: z.int().nonnegative(),
    examples: z.array(z.object({ id: z.string(), value: z.number() })),
    interval: z.object({ mean: z.number(), low: z.number(), high: z.number() }).nullable(),
  })
  .readonly();

/** The JSON of a report. */
export type Report = z.output<typeof reportSchema>;

/**
 * Scores through the command. Errors must be DuetErrors with one-line messages; the output must be strict
 * JSON with every figure within its scale.
 */
export async function scoreFiles(task: string, flags: readonly string[]): Promise<Outcome> {
  const printed: string[] = [];
  try {
    const options = ['--json', '--examples', '--bootstrap', '10'];
    await scoreCommand((text) => printed.push(text)).parseAsync([task, ...flags, ...options], {
      from: 'user',
    });
  } catch (thrown) {
    if (!(thrown instanceof DuetError)) throw thrown;
    expect(thrown.code).not.toBe('internal');
    expect(thrown.message).toMatch(/^[^\p{Cc}\u2028\u2029]+$/u);
    return { type: 'refused', message: thrown.message };
  }
  expect(printed).toHaveLength(1);
  const report = reportSchema.parse(JSON.parse(printed.join('')));
  expectLegal(task, report);
  return { type: 'scored', report };
}

/** The scale of each task's example values. */
const scales: Readonly<Record<string, readonly [least: number, most: number]>> = {
  magqa: [1, 5],
  pauc: [0, 1],
  grounding: [0, 1],
  highlight: [0, 1],
  densecap: [0, 1],
};

/** Figures that are no percentage, with their scales. */
const otherScales: readonly (readonly [name: RegExp, least: number, most: number])[] = [
  [/^(in_span|in_span_at_delivery|best)$/, 1, 5],
  [/^(pauc|mean_over_turns|mean_over_videos|omega|.*_ratio)$/, 0, 1],
  [/^(turns|turns_dedup|first_reply_latency|n_preds|n_.*)$/, 0, Infinity],
  // CIDEr-D counts ten times a cosine, in percent.
  [/^(Para_)?CIDER$/, 0, 1000 + 1e-9],
  [/^(threshold|smooth_window_size)$/, 0, 14],
];

/** Parts of a report that are checked elsewhere or hold no figures of the task. */
const besideFigures: ReadonlySet<string> = new Set([
  'options',
  'counts',
  'examples',
  'interval',
  'slices',
  'judge',
]);

function expectLegal(task: string, report: Report): void {
  const [least = 0, most = 0] = scales[task] ?? [];
  for (const { value, id } of report.examples) expectWithin(value, least, most, id);
  const { interval } = report;
  if (interval !== null) {
    for (const value of [interval.mean, interval.low, interval.high])
      expectWithin(value, least, most, 'interval');
  }
  const figures = Object.entries(report).filter(([name]) => !besideFigures.has(name));
  visit(Object.fromEntries(figures), '');
}

function visit(value: unknown, name: string): void {
  if (typeof value === 'number') {
    const [, least, most] = otherScales.find(([pattern]) => pattern.test(name)) ?? [/./, 0, 100 + 1e-9];
    expectWithin(value, least, most, name);
  } else if (Array.isArray(value)) for (const item of value) visit(item, name);
  else if (value !== null && typeof value === 'object') {
    for (const [key, member] of Object.entries(value)) visit(member, key);
  }
}

function expectWithin(value: number, least: number, most: number, what: string): void {
  expect(value, what).toBeGreaterThanOrEqual(least - 1e-12);
  expect(value, what).toBeLessThanOrEqual(most + 1e-12);
}
