import { Command } from 'commander';
import { DuetError } from '../errors.js';
import { findModelFolder } from '../main.js';
import { benchTasks, traitsOf, type BenchTask } from '../scoring/bench/bench-task.js';
import { addRunOptions, addSpeakingOptions } from './bench/bench-flags.js';
import { withDefaultChoice } from './bench/default-choice.js';
import { whileLocked } from './bench/folder-lock.js';
import { forgetRun } from './bench/forget-run.js';
import { outputFault } from './bench/output-fault.js';
import { prepareBench, type BenchFlags } from './bench/prepare.js';
import { writeReports } from './bench/results.js';
import { runPrepared, type CompletedBench } from './bench/run.js';
import { workerCommand } from './bench/worker-command.js';
import { tellUnplayable } from './bench/tell-unplayable.js';
import { configOf } from './config-options.js';
import { oneLine } from './exit-code.js';
import { formatReport } from './print-report.js';
import { reportOptions } from './score-flags.js';
import { captionRules, groundingRules, highlightRules, magqaRules, paucRules } from './score-rules.js';
import { untilInterrupted } from './until-interrupted.js';

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
    await bench(task, flags);
  });
}

function flagsCommand(task: BenchTask): Command {
  const { title, speaks } = traitsOf(task);
  const command = addRunOptions(new Command(task).description(title));
  if (speaks) addSpeakingOptions(command);
  return rulesOf[task](reportOptions(command));
}

/** The flags of `duet bench <task>` as they would be typed, for programs that run benchmarks. Throws commander's error for what is none. */
export function benchFlagsOf(task: BenchTask, args: readonly string[]): BenchFlags {
  return flagsCommand(task)
    .exitOverride()
    .parse([...args], { from: 'user' })
    .opts<BenchFlags>();
}

async function bench(task: BenchTask, flags: BenchFlags): Promise<void> {
  const config = await configOf(flags);
  await untilInterrupted(async (signal) => {
    const found = await prepareBench(task, flags, signal);
    const prepared = await withDefaultChoice(found, findModelFolder(config.model));
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
  process.stdout.write(`${formatReport(written.report, prepared.rules)}\n`);
  const files = [result.predictionsFile, written.submission, written.json].filter((file) => file !== null);
  const unscored = prepared.inputs.test.answered ? '' : '; nothing is scored, for want of answers';
  tell(`wrote ${files.join(', ')} and ${written.html}${unscored}`);
}

function tell(message: string): void {
  process.stderr.write(`duet: ${oneLine(message)}\n`);
}
