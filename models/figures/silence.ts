import { benchFlagsOf } from '../../server/cli/bench-command.js';
import { noPredictions } from '../../server/cli/bench/prepare.js';
import { scoreTask } from '../../server/cli/bench/score-task.js';
import { headlineOf } from '../../server/scoring/runner/sweep.js';
import type { TestSplit } from './test-split.js';

/** What PAUC gives to saying nothing at all: it is not 0. */
export async function silentPauc(
  { annotations, grammar }: TestSplit,
  signal: AbortSignal,
): Promise<number | null> {
  const flags = benchFlagsOf('proactive', ['--judge', `exact:${grammar}`]);
  const input = { annotations: annotations.proactive, predictions: noPredictions, onJudged: () => undefined };
  return headlineOf(await scoreTask('proactive', flags, input, signal));
}
