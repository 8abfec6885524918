import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Measurement } from '../measurement.js';
import { memorySchema, type MemoryReport } from './memory-report.js';
import { writeRun } from './run-files.js';
import type { ScoringTask } from './tasks.js';

const run = promisify(execFile);
const child = join(import.meta.dirname, 'memory-child.ts');

/** Most bytes that may be kept of an example: its id, its values, and where it needs them its words. */
const mostKept = 4096;

interface Size extends MemoryReport {
  readonly count: number;
  readonly predBytes: number;
}

/**
 * How memory grows with the number of examples: N, 2N and 4N are scored from files, each in a process of its
 * own. Growth is what is still alive after scoring, beside the annotations; the peak includes what the
 * collector has not cleared yet.
 */
export async function measureMemory(task: ScoringTask): Promise<Measurement[]> {
  const first = Math.round(task.count / 5);
  const sizes: Size[] = [];
  for (const count of [first, 2 * first, 4 * first]) sizes.push(await scoreInChild(task, count));
  const [small, , large] = sizes;
  if (small === undefined || large === undefined) throw new Error('nothing was measured');
  const perExample = (bytes: (size: Size) => number) =>
    (bytes(large) - bytes(small)) / (large.count - small.count);
  const peaks = sizes.map(({ count, peakBytes }) => `${count}: ${megabytes(peakBytes)} MB`).join(', ');
  return [
    {
      name: `scoring.${task.name}_kept_per_example`,
      value: perExample((size) => size.resultBytes),
      unit: 'bytes',
      aim: `< ${mostKept}`,
      note: `a prediction has ${perExample((size) => size.predBytes).toFixed(0)} bytes, its annotation ${perExample((size) => size.goldBytes).toFixed(0)} in memory`,
    },
    {
      name: `scoring.${task.name}_peak_growth_4x`,
      value: (large.peakBytes - small.peakBytes) / 2 ** 20,
      unit: 'MB',
      note: `peak resident memory at ${peaks}; files of ${megabytes(small.predBytes)} to ${megabytes(large.predBytes)} MB`,
    },
  ];
}

async function scoreInChild(task: ScoringTask, count: number): Promise<Size> {
  using files = await writeRun(task.makeRun(count));
  const flags = ['--expose-gc', '--import', 'tsx', child, task.name, files.pred, files.gold];
  const { stdout } = await run(process.execPath, flags);
  const report = memorySchema.parse(JSON.parse(stdout.slice(0, stdout.lastIndexOf('}') + 1)));
  return { ...report, count, predBytes: statSync(files.pred).size };
}

function megabytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}
