import { Command } from 'commander';
import type { JudgedBenchmark } from '../../scoring/judges/judged-benchmark.js';
import { modeOption } from '../score-flags.js';
import { untilInterrupted } from '../until-interrupted.js';
import { batchCommand } from './batch-command.js';
import { addJudgeOptions, type JudgeFileFlags } from './judge-flags.js';

/**
 * `duet judge <task>`: the ratings of a prediction file as a judged file, which `duet score <task> --judged`
 * scores; `duet judge batch`: the same through the batch API. `print` takes what is to be said.
 */
export function judgeCommand(print: (text: string) => void = printLine): Command {
  return new Command('judge')
    .description('rate a file of predictions with a judge, and carry on where it stopped')
    .addCommand(magqaCommand(print))
    .addCommand(proactiveCommand(print))
    .addCommand(batchCommand(print))
    .addHelpText(
      'after',
      '\nExample:\n  duet judge magqa --pred pred.jsonl --gold gold.json --judge openai:gpt-4o-2024-08-06 -o judged.jsonl',
    );
}

function printLine(text: string): void {
  process.stdout.write(`${text}\n`);
}

function magqaCommand(print: (text: string) => void): Command {
  return filesOptions(new Command('magqa'))
    .description(
      'multi-answer grounded question answering: agreement 1..5 of every reply in the span of a gold answer',
    )
    .option('--concat', 'judge the replies of an example as one')
    .action(async (flags: JudgeFileFlags) => {
      const { judgedMagqa } = await import('./judged-benchmarks.js');
      print(await judge(judgedMagqa, flags));
    });
}

function proactiveCommand(print: (text: string) => void): Command {
  return filesOptions(new Command('proactive').alias('pauc'))
    .description('proactive answering: coverage 1..3 of every gold answer by what was said so far')
    .action(async (flags: JudgeFileFlags) => {
      const { judgedProactive } = await import('./judged-benchmarks.js');
      print(await judge(judgedProactive, flags));
    });
}

/** Loaded when it runs, so that help does not wait for the client of a judge. */
async function judge(benchmark: JudgedBenchmark, flags: JudgeFileFlags): Promise<string> {
  const { judgeIntoFile } = await import('./judge-into-file.js');
  return untilInterrupted((signal) => judgeIntoFile(benchmark, flags, signal));
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
