import { judgeFile } from '../../scoring/judges/judged-file/judge-file.js';
import type { Benchmark } from '../../scoring/benchmark.js';
import { judgedBenchmark } from '../../scoring/benchmarks/judged-benchmark.js';
import { openPredictions } from '../../scoring/data/read-predictions.js';
import { unknownRule } from '../flags/report-flags.js';
import { requireDistinctFile } from './distinct-file.js';
import type { JudgeFileFlags } from './judge-flags.js';
import { judgingPlanOf } from './judging-plan-of.js';
import { printJudged } from './print-judged.js';
import { withJudgingProgress } from './judging-progress.js';

/** `duet judge <task>`: judges the file named by the flags and reports what it took. */
export async function judgeIntoFile(
  benchmark: Benchmark,
  flags: JudgeFileFlags,
  signal: AbortSignal,
): Promise<string> {
  const { mode, output, record, pred, gold } = flags;
  requireDistinctFile(['-o', output], { '--pred': pred, '--gold': gold, '--record': record });
  if (record !== undefined) requireDistinctFile(['--record', record], { '--pred': pred, '--gold': gold });
  const plan = {
    benchmark: judgedBenchmark(benchmark),
    judging: judgingPlanOf(flags),
    predictions: () => openPredictions(pred, { frames: false }),
    gold,
    unknown: unknownRule(flags),
    concat: flags.concat === true,
    output,
    recording: record === undefined ? null : ({ file: record, refusals: 'ask_again' } as const),
  };
  const outcome = await withJudgingProgress((onProgress) => judgeFile(plan, { onProgress, signal }));
  return printJudged(outcome, { output, mode, json: flags.json === true });
}
