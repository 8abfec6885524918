import { execFileSync } from 'node:child_process';
import { appendFile, readFile } from 'node:fs/promises';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { z } from 'zod';
import type { Measurement } from '../measurement.js';

/** Appends a run to the history in `file`, one line of JSON a run; makes the file if there is none. */
export async function appendRun(file: string, run: BenchRun): Promise<void> {
  await appendFile(file, `${JSON.stringify(run)}\n`);
}

/** The runs of a history, oldest first; throws with the line that is none. */
export async function readHistory(file: string): Promise<readonly BenchRun[]> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line.trim() !== '');
  return lines.map((line, index) => {
    try {
      return runSchema.parse(JSON.parse(line));
    } catch (cause) {
      throw new Error(`${file}: line ${index + 1} is no run of the bench`, { cause });
    }
  });
}

/** What was measured now, where and with which command. */
export function describeRun(measurements: readonly Measurement[], args: readonly string[]): BenchRun {
  return {
    at: new Date().toISOString(),
    command: ['npm run bench --', ...args].join(' '),
    commit: git('rev-parse', '--short', 'HEAD'),
    changed: git('status', '--porcelain', '--untracked-files=no') !== '',
    node: process.version,
    machine: {
      cpu: cpus()[0]?.model.trim() ?? 'unknown',
      cores: availableParallelism(),
      memoryGb: Math.round(totalmem() / 1e9),
    },
    // JSON has no NaN: what could not be measured is null.
    measurements: measurements.map((each) => ({
      ...each,
      value: Number.isNaN(each.value) ? null : each.value,
    })),
  };
}

function git(...args: readonly string[]): string {
  try {
    return execFileSync('git', args, { encoding: 'utf8', cwd: import.meta.dirname }).trim();
  } catch {
    return 'unknown';
  }
}

const runSchema = z.object({
  at: z.iso.datetime(),
  command: z.string(),
  commit: z.string(),
  /** Whether the sources had changes that the commit lacks. */
  changed: z.boolean(),
  node: z.string(),
  machine: z.object({ cpu: z.string(), cores: z.int(), memoryGb: z.number() }),
  measurements: z.array(
    z.object({
      name: z.string(),
      value: z.number().nullable(),
      unit: z.string(),
      range: z.object({ low: z.number(), high: z.number(), samples: z.int() }).optional(),
      aim: z.string().optional(),
      note: z.string().optional(),
    }),
  ),
});

/** One run of the bench. */
export type BenchRun = z.infer<typeof runSchema>;
