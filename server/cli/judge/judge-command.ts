import { Command } from 'commander';
import type { Benchmark, JudgingDemands } from '../../scoring/benchmark.js';
import { benchmarks } from '../../scoring/benchmarks/index.js';
import { modeOption } from '../flags/report-flags.js';
import { untilInterrupted } from '../terminal/interruption.js';
import { batchCommand } from './batch-command.js';
import { addJudgeOptions, type JudgeFileFlags } from './judge-flags.js';

/**
 * `duet judge <task>`: the ratings of a prediction file as a judged file, which `duet score <task> --judged`
 * scores; `duet judge batch`: the same through the batch API. `print` receives the output.
 */
export function judgeCommand(print: (text: string) => void = printLine): Command {
  const command = new Command('judge').description(
    'rate a file of predictions with a judge, and carry on where it stopped',
  );
  for (const benchmark of benchmarks) {
    const { judging } = benchmark;
    if (judging !== null) command.addCommand(benchmarkCommand(benchmark, judging, print));
  }
  return command
    .addCommand(batchCommand(print))
    .addHelpText(
      'after',
      '\nExample:\n  duet judge magqa --pred pred.jsonl --gold gold.json ' +
        '--judge openai:gpt-4o-2024-08-06 -o judged.jsonl',
    );
}

function printLine(text: string): void {
  process.stdout.write(`${text}\n`);
}

function benchmarkCommand(
  benchmark: Benchmark,
  { rates }: JudgingDemands,
  print: (text: string) => void,
): Command {
  const { name, aliases, rules } = benchmark;
  const command = filesOptions(new Command(name).aliases([...aliases])).description(rates);
  if (Object.hasOwn(rules.shape, 'concat')) {
    command.option('--concat', 'judge the replies of an example as one');
  }
  return command.action(async (flags: JudgeFileFlags) => {
    // Imported here, so that help does not wait for the client of a judge.
    const { judgeIntoFile } = await import('./judge-into-file.js');
    print(await untilInterrupted((signal) => judgeIntoFile(benchmark, flags, signal)));
  });
}

function filesOptions(command: Command): Command {
  return addJudgeOptions(
    command
      .requiredOption('--pred <file>', 'predictions, one JSON object a line')
      .requiredOption('--gold <file>', 'annotations')
      .requiredOption('-o, --output <file>', 'judged file; one that is there is carried on with')
      .addOption(modeOption())
      .option('--skip-unknown', 'leave predictions without annotation out instead of failing')
      .option('--record <file>', 'keep the replies, for replaying them with --judge recorded:<file>')
      .option('--json', 'say what was done in JSON'),
  );
}
