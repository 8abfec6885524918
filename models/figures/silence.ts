import { benchFlagsOf } from '../../server/cli/bench/bench-command.js';
import { judgingPlanOf } from '../../server/cli/judge/judging-plan-of.js';
import { noPredictions } from '../../server/cli/bench/prepare.js';
import { proactive } from '../../server/scoring/benchmarks/proactive/proactive.js';
import { headlineOf } from '../../server/scoring/runner/sweep.js';
import { scorePredictions } from '../../server/scoring/score.js';
import type { TestSplit } from './test-split.js';

/** What PAUC gives to saying nothing at all: it is not 0. */
export async function silentPauc(
  { annotations, grammar }: TestSplit,
  signal: AbortSignal,
): Promise<number | null> {
  const flags = benchFlagsOf('proactive', ['--judge', `exact:${grammar}`]);
  const scorer = await proactive.open({
    ...{ annotations: annotations.proactive, mode: 'strict', unknown: 'fail', rules: {}, development: null },
  });
  const outcome = await scorePredictions(scorer, noPredictions, judgingPlanOf(flags), { signal });
  return outcome.type === 'scored' ? headlineOf(outcome.report) : null;
}
