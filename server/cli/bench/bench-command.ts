import { Command } from 'commander';
import type { Benchmark } from '../../scoring/benchmark.js';
import { benchmarks } from '../../scoring/benchmarks/index.js';
import { addJudgeOptions } from '../judge/judge-flags.js';
import { addRuleOptions } from '../flags/rule-flags.js';
import { addReportOptions } from '../flags/report-flags.js';
import { addRunOptions, addSpeakingOptions } from './bench-flags.js';
import type { BenchFlags } from './run-bench.js';
import { workerCommand } from './worker-command.js';

const examples = `
Examples:
  duet bench magqa                                      the bundled model on the bundled test set
  duet bench magqa --limit 20                           the first questions of it, for a quick look
  duet bench magqa --annotations test.json --videos clips --model ./my-model --judge openai:gpt-4o --sweep 0.3:0.7:0.1
  duet bench grounding --annotations charades_test.json --videos clips --dev-annotations charades_dev.json`;

/** `duet bench`: from videos to scores, in one command that can be stopped and continued. */
export function benchCommand(): Command {
  const command = new Command('bench').description('run a benchmark: videos to predictions to scores');
  for (const benchmark of benchmarks) command.addCommand(benchmarkCommand(benchmark));
  return command.addCommand(workerCommand()).addHelpText('after', examples);
}

function benchmarkCommand(benchmark: Benchmark): Command {
  return flagsCommand(benchmark).action(async (flags: BenchFlags) => {
    // Imported here, so that help does not load the whole benchmark.
    const { runBench } = await import('./run-bench.js');
    await runBench(benchmark, flags);
  });
}

/** The command of one benchmark with all of its flags, but no action yet. */
export function flagsCommand(benchmark: Benchmark): Command {
  const { name, aliases, title, session, judging } = benchmark;
  const command = addRunOptions(new Command(name).aliases([...aliases]).description(title));
  if (session.speaks) addSpeakingOptions(command);
  addReportOptions(command);
  if (judging !== null) addJudgeOptions(command);
  return addRuleOptions(command, benchmark, 'run');
}
