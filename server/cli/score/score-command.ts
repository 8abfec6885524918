import { Command } from 'commander';
import type { Benchmark } from '../../scoring/benchmark.js';
import { benchmarks } from '../../scoring/benchmarks/index.js';
import { addJudgeOptions } from '../judge/judge-flags.js';
import { addRuleOptions } from '../flags/rule-flags.js';
import { untilInterrupted } from '../terminal/interruption.js';
import { addReportOptions } from '../flags/report-flags.js';
import type { ScoreFlags } from './run-score.js';

/**
 * `duet score <benchmark>`: scores a prediction file of any system against annotations. `print` receives the
 * report. Errors in files or options are thrown as a DuetError with a one-line message.
 */
export function scoreCommand(print: (text: string) => void = printLine): Command {
  const command = new Command('score').description('score a file of predictions against annotations');
  for (const benchmark of benchmarks) command.addCommand(benchmarkCommand(benchmark, print));
  return command.addHelpText(
    'after',
    '\nExample:\n  duet score magqa --pred pred.jsonl --gold gold.json --judge lexical',
  );
}

function printLine(text: string): void {
  process.stdout.write(`${text}\n`);
}

function benchmarkCommand(benchmark: Benchmark, print: (text: string) => void): Command {
  const { name, aliases, measures, judging, choice, scoreJudgedFile } = benchmark;
  const command = new Command(name).aliases([...aliases]).description(measures);
  const pred = ['--pred <file>', 'predictions, one JSON object a line'] as const;
  const gold = ['--gold <file>', 'annotations'] as const;
  if (scoreJudgedFile === null) command.requiredOption(...pred).requiredOption(...gold);
  else {
    command
      .option(...pred)
      .option(...gold)
      .option('--judged <file>', 'score a judged file instead of predictions, without a judge');
  }
  addReportOptions(command);
  if (judging !== null) addJudgeOptions(command);
  addRuleOptions(command, benchmark, 'files');
  if (scoreJudgedFile !== null) {
    command.option('--save-judged <file>', 'write the score matrix of every example');
  }
  if (choice !== null) {
    command
      .option('--dev-pred <file>', `choose ${choice.what} on this development split`)
      .option('--dev-gold <file>', 'annotations of the development split');
  }
  return command.action(async (flags: ScoreFlags) => {
    // Imported here, so that help does not load the scorers.
    const { runScore } = await import('./run-score.js');
    print(await untilInterrupted((signal) => runScore(benchmark, flags, signal)));
  });
}
