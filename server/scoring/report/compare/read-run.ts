import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { DuetError } from '../../../errors.js';
import { fileFault } from '../../data/json/file-fault.js';
import { checkValue, parseJson, type JsonSource } from '../../data/json/parse-json.js';
import { readingFault } from '../../data/json/read-lines.js';
import type { ScoredExample } from '../../statistics/slices.js';
import type { ScoredRun } from './scored-run.js';

/** What a benchmark calls the report in its folder. */
const reportName = 'report.json';

const reportSchema = z.object({
  task: z.string(),
  mode: z.string(),
  options: z.record(z.string(), z.unknown()).default({}),
  versions: z.record(z.string(), z.unknown()).default({}),
  judge: z.object({ id: z.string(), prompt_hash: z.string().nullish() }).nullish(),
  example_metric: z.string().optional(),
  interval: z.object({ metric: z.string() }).nullish(),
  examples: z
    .array(
      z.object({
        id: z.string(),
        value: z.number().nullable(),
        tags: z.record(z.string(), z.string()).default({}),
      }),
    )
    .optional(),
});

type ReportFile = z.output<typeof reportSchema>;

/**
 * Reads a report as JSON with its examples, or the one in the folder of a benchmark.
 * @throws DuetError 'not_found' for a path without a report, 'invalid_request' for a file that is not a
 *   report.
 */
export async function readRun(path: string, name: string): Promise<ScoredRun> {
  const { file, text } = await readReport(path);
  const source: JsonSource = { file, firstLine: 1, text };
  const report = checkValue(reportSchema, parseJson(source), source);
  const { task, mode, options, versions, judge } = report;
  const { examples, nWithoutValue } = examplesOf(report, file);
  return {
    ...{ name, file, task, mode, options, versions, examples, nWithoutValue },
    metric: metricOf(report, file),
    judge: judge == null ? null : { id: judge.id, promptHash: judge.prompt_hash ?? null },
  };
}

async function readReport(path: string): Promise<{ file: string; text: string }> {
  const folder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const file = folder ? join(path, reportName) : path;
  try {
    return { file, text: new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file)) };
  } catch (thrown) {
    throw readingFault(file, 1, thrown);
  }
}

function examplesOf({ examples }: ReportFile, file: string): Pick<ScoredRun, 'examples' | 'nWithoutValue'> {
  if (examples === undefined) {
    const remedy = 'write it with: duet score <task> ... --json --examples';
    throw new DuetError('invalid_request', `${file}: the report does not list its examples; ${remedy}`);
  }
  const byId = new Map<string, ScoredExample>();
  let nWithoutValue = 0;
  for (const [index, { id, value, tags }] of examples.entries()) {
    if (byId.has(id)) {
      const field = `examples[${index}].id`;
      throw fileFault(
        { file, line: 1, field },
        `"${id}" is listed twice, so it cannot be paired; use strict mode`,
      );
    }
    if (value === null) nWithoutValue += 1;
    else byId.set(id, { id, value, tags });
  }
  return { examples: byId, nWithoutValue };
}

/** Older reports have no metric field of their own and name the metric in the interval. */
function metricOf({ example_metric, interval }: ReportFile, file: string): string {
  const metric = example_metric ?? interval?.metric;
  if (metric !== undefined) return metric;
  const remedy = 'score it again';
  throw new DuetError(
    'invalid_request',
    `${file}: the report does not say what its examples measure; ${remedy}`,
  );
}
