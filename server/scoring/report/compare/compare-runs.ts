import { DuetError } from '../../../errors.js';
import type { Resampling } from '../../statistics/bootstrap.js';
import { holmCorrection } from '../../statistics/holm.js';
import { comparedSlices, requireTags } from './compare-slices.js';
import type { ComparedRun, Comparison } from './comparison.js';
import { differencesOfRuns } from './differences-of-runs.js';
import { pairedFigures } from './paired-figures.js';
import type { ScoredRun } from './scored-run.js';

/** How runs are compared. */
export interface CompareOptions {
  readonly resampling: Resampling;
  /** Annotation tags to slice by. */
  readonly sliceBy: readonly string[];
  /** Whether to go on where task or metric differ. */
  readonly allowDifferent: boolean;
}

/**
 * Compares every run with the baseline on the examples both have.
 * @throws DuetError 'invalid_request' if task or metric differ, or if no example is shared or has a requested
 *   tag.
 */
export function compareRuns(
  baseline: ScoredRun,
  others: readonly ScoredRun[],
  options: CompareOptions,
): Comparison {
  const warnings = others.flatMap((run) => checkRun(baseline, run, options));
  requireTags([baseline, ...others], options.sliceBy);
  const compared = others.map((run) => compareRun(baseline, run, options));
  const holm = holmCorrection(compared.map(({ pValue }) => pValue));
  return {
    task: baseline.task,
    metric: baseline.metric,
    baseline: { name: baseline.name, file: baseline.file, nExamples: baseline.examples.size },
    runs: compared.map((run, index) => ({ ...run, pValueHolm: holm[index] ?? null })),
    warnings,
    notes: notesOf([baseline, ...others], options),
  };
}

function checkRun(baseline: ScoredRun, run: ScoredRun, { allowDifferent }: CompareOptions): string[] {
  const differences = differencesOfRuns(baseline, run);
  const fatal = differences.find((difference) => difference.fatal);
  if (fatal !== undefined && !allowDifferent) {
    throw new DuetError(
      'invalid_request',
      `${fatal.message}; their difference means nothing (--allow-different to go on)`,
    );
  }
  return differences.map(({ message }) => message);
}

function compareRun(
  baseline: ScoredRun,
  run: ScoredRun,
  { resampling, sliceBy }: CompareOptions,
): Omit<ComparedRun, 'pValueHolm'> {
  const ids = [...baseline.examples.keys()].filter((id) => run.examples.has(id));
  if (ids.length === 0) {
    throw new DuetError('invalid_request', `${baseline.file} and ${run.file} have no example in common`);
  }
  const slices = sliceBy.map((tag) => [tag, comparedSlices(baseline, run, ids, tag, resampling)] as const);
  return {
    name: run.name,
    file: run.file,
    ...pairedFigures(baseline, run, ids, resampling),
    onlyBaseline: baseline.examples.size - ids.length,
    onlyRun: run.examples.size - ids.length,
    slices: Object.fromEntries(slices),
  };
}

function notesOf(runs: readonly ScoredRun[], { sliceBy }: CompareOptions): string[] {
  const without = runs.filter(({ nWithoutValue }) => nWithoutValue > 0);
  return [
    ...without.map(
      ({ name, nWithoutValue }) => `${nWithoutValue} examples of ${name} have no value and are left out`,
    ),
    ...(sliceBy.length > 0 ? ['p-values of slices are not corrected for their number'] : []),
  ];
}
