import snakecaseKeys from 'snakecase-keys';
import { replaceNonFinite } from './finite-values.js';
import type { Report } from './report.js';

/**
 * The report as one line of JSON. Counts stand at the top level and under `counts`; the task's own figures at
 * the top level, under their published names. With `examples` the value of every example is listed.
 */
export function reportToJson(report: Report, examples: boolean): string {
  const counts = snakecaseKeys({ ...report.counts });
  const body = {
    task: report.task,
    mode: report.mode,
    ...report.values,
    ...report.tables,
    ...counts,
    counts,
    options: snakecaseKeys({ ...report.options }),
    versions: report.versions,
    judge: report.judge === null ? null : snakecaseKeys({ ...report.judge, ...report.judging }),
    notes: report.notes,
    example_metric: report.exampleMetric,
    interval: report.interval === null ? null : { metric: report.exampleMetric, ...report.interval },
    slices: report.slices,
    ...(examples ? { examples: report.examples } : {}),
  };
  const { value, replaced } = replaceNonFinite(body);
  return JSON.stringify(Object.assign({}, value, { n_null_values: replaced }));
}
