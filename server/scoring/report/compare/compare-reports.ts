import { basename, resolve } from 'node:path';
import { DuetError } from '../../../errors.js';
import { compareRuns, type CompareOptions } from './compare-runs.js';
import type { Comparison } from './comparison.js';
import { readRun } from './read-run.js';

/** Reports to compare, and how. */
interface ComparisonPlan extends CompareOptions {
  /**
   * Files of reports with their examples, or folders of benchmarks; every other one is compared with the
   * first.
   */
  readonly reports: readonly string[];
}

/** Compares reports, example by example. Throws what reading and comparing them throw. */
export async function compareReports({ reports, ...options }: ComparisonPlan): Promise<Comparison> {
  const [baseline, ...others] = await Promise.all(
    namesOf(reports).map((name, index) => readRun(reports[index] ?? '', name)),
  );
  if (baseline === undefined) throw new DuetError('invalid_request', 'nothing to compare');
  return compareRuns(baseline, others, options);
}

/** The last part of each path, or the paths themselves where that would be the same name twice. */
function namesOf(paths: readonly string[]): readonly string[] {
  const short = paths.map((path) => basename(resolve(path)).replace(/\.json$/, ''));
  return new Set(short).size === short.length ? short : paths;
}
