import { defaultModel } from '../../config.js';
import { DuetError } from '../../errors.js';
import { findModelFolder } from '../../runtime/find-model.js';
import type { Benchmark } from '../../scoring/benchmark.js';
import { configOf } from '../config-options.js';
import { oneLine } from '../exit-code.js';
import { formatReport } from '../print-report.js';
import { untilInterrupted } from '../until-interrupted.js';
import { withDefaultChoice } from './default-choice.js';
import { whileLocked } from './folder-lock.js';
import { forgetRun } from './forget-run.js';
import { outputFault } from './output-fault.js';
import { prepareBench, type BenchFlags } from './prepare.js';
import { writeReports } from './results.js';
import { runPrepared, type CompletedBench } from './run.js';
import { tellUnplayable } from './tell-unplayable.js';

/**
 * Plays, scores and reports a benchmark. Throws what preparing, playing and scoring throw; 'cancelled' where
 * it was interrupted, saying how to go on.
 */
export async function runBenchCommand(benchmark: Benchmark, flags: BenchFlags): Promise<void> {
  const config = await configOf(flags);
  await untilInterrupted(async (signal) => {
    const found = await prepareBench(benchmark, flags, signal);
    const prepared = await withDefaultChoice(found, findModelFolder(defaultModel(config)));
    try {
      await whileLocked(prepared.folder, async () => {
        if (flags.restart === true) await forgetRun(prepared.folder);
        await runPrepared(prepared, config, (completed) => complete(completed, signal), signal);
      });
    } catch (thrown) {
      if (!signal.aborted) throw outputFault(prepared.folder, thrown);
      const message = `interrupted; the same command goes on where it stopped (${prepared.folder})`;
      throw new DuetError('cancelled', message, { cause: thrown });
    }
  });
}

async function complete(completed: CompletedBench, signal: AbortSignal): Promise<void> {
  const { prepared, result } = completed;
  tellUnplayable(result.run.unplayable, tell);
  const written = await writeReports(completed, signal);
  process.stdout.write(`${formatReport(written.report, prepared.flags)}\n`);
  const files = [result.predictionsFile, ...written.extra, written.json];
  const unscored = prepared.inputs.test.answered ? '' : '; nothing is scored, for want of answers';
  tell(`wrote ${files.join(', ')} and ${written.html}${unscored}`);
}

function tell(message: string): void {
  process.stderr.write(`duet: ${oneLine(message)}\n`);
}
