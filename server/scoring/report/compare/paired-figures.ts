import type { Resampling } from '../../statistics/bootstrap.js';
import { comparePaired } from '../../statistics/compare-paired.js';
import { finiteOrNull, mean } from '../../statistics/mean.js';
import type { PairedFigures } from './comparison.js';
import type { ScoredRun } from './scored-run.js';

/** Difference up to which two values of an example are equal: means are rounded in their last bits. */
const equalWithin = 1e-9;

/** Compares two runs on examples that both have: paired bootstrap, sign-flip test, wins and losses. */
export function pairedFigures(
  baseline: ScoredRun,
  run: ScoredRun,
  ids: readonly string[],
  resampling: Resampling,
): PairedFigures {
  const [base, own] = [valuesOf(baseline, ids), valuesOf(run, ids)];
  const { difference, interval, pValue, nPairs } = comparePaired(own, base, resampling);
  const differences = ids.map((id) => (own.get(id) ?? 0) - (base.get(id) ?? 0));
  const wins = differences.filter((each) => each > equalWithin).length;
  const losses = differences.filter((each) => each < -equalWithin).length;
  return {
    nPairs,
    baselineMean: finiteOrNull(mean([...base.values()])),
    runMean: finiteOrNull(mean([...own.values()])),
    ...{ difference, interval, pValue, wins, ties: nPairs - wins - losses, losses },
  };
}

function valuesOf({ examples }: ScoredRun, ids: readonly string[]): Map<string, number> {
  return new Map(
    ids.flatMap((id) => {
      const example = examples.get(id);
      return example === undefined ? [] : [[id, example.value] as const];
    }),
  );
}
