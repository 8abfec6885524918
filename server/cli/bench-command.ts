import { Command } from 'commander';
import { benchTasks, traitsOf, type BenchTask } from '../scoring/runner/bench-task.js';
import { addRunOptions, addSpeakingOptions } from './bench/bench-flags.js';
import type { BenchFlags } from './bench/prepare.js';
import { workerCommand } from './bench/worker-command.js';
import { reportOptions } from './score-flags.js';
import { captionRules, groundingRules, highlightRules, magqaRules, paucRules } from './score-rules.js';

/** Flags of each benchmark's own rules. */
const rulesOf: Readonly<Record<BenchTask, (command: Command) => Command>> = {
  magqa: magqaRules,
  youcook2: captionRules,
  charades: groundingRules,
  qvhighlights: highlightRules,
  proactive: paucRules,
};

const examples = `
Examples:
  duet bench magqa                                      the bundled model on the bundled test set
  duet bench magqa --limit 20                           the first questions of it, for a quick look
  duet bench magqa --annotations test.json --videos clips --model ./my-model --judge openai:gpt-4o --sweep 0.3:0.7:0.1
  duet bench charades --annotations charades_test.json --videos clips --dev-annotations charades_dev.json`;

/** `duet bench`: from videos to scores, in one command that may be stopped and begun again. */
export function benchCommand(): Command {
  const command = new Command('bench').description('run a benchmark: videos to predictions to scores');
  for (const task of benchTasks) command.addCommand(taskCommand(task));
  return command.addCommand(workerCommand()).addHelpText('after', examples);
}

function taskCommand(task: BenchTask): Command {
  return flagsCommand(task).action(async (flags: BenchFlags) => {
    // Here and not above, so that help does not wait for all of a benchmark.
    const { runBenchCommand } = await import('./bench/run-command.js');
    await runBenchCommand(task, flags);
  });
}

function flagsCommand(task: BenchTask): Command {
  const { title, speaks } = traitsOf(task);
  const command = addRunOptions(new Command(task).description(title));
  if (speaks) addSpeakingOptions(command);
  return rulesOf[task](reportOptions(command));
}

/**
 * The flags of `duet bench <task>` as they would be typed, for programs that run benchmarks. Throws
 * commander's error for what is none.
 */
export function benchFlagsOf(task: BenchTask, args: readonly string[]): BenchFlags {
  return flagsCommand(task)
    .exitOverride()
    .parse([...args], { from: 'user' })
    .opts<BenchFlags>();
}
