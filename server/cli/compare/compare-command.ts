import { Command, InvalidArgumentError, Option } from 'commander';
import { compareReports } from '../../scoring/report/compare/compare-reports.js';
import type { Comparison } from '../../scoring/report/compare/comparison.js';
import { comparisonToJson } from '../../scoring/report/compare/comparison-to-json.js';
import { comparisonToLatex } from '../../scoring/report/compare/comparison-to-latex.js';
import { comparisonToTable } from '../../scoring/report/compare/comparison-to-table.js';
import { defaultResampling } from '../../scoring/statistics/bootstrap.js';
import { oneLine } from '../terminal/exit-code.js';
import { wholeNumber } from '../flags/number-flags.js';

interface Flags {
  readonly format: 'table' | 'json' | 'latex';
  readonly json?: true;
  readonly sliceBy: readonly string[];
  readonly allowDifferent?: true;
  readonly bootstrap: number;
  readonly seed: number;
}

/** Where the command prints. */
export interface CompareOutput {
  readonly print: (text: string) => void;
  readonly warn: (text: string) => void;
}

/** A p-value is a share of the resamples, so this many resolve it to 0.0001. */
const resamples = 10_000;

const help = `
The first run is the baseline: every other one is compared with it, on the examples both have.

Example:
  duet score magqa --pred a.jsonl --gold gold.json --judge lexical --json --examples > a.json
  duet score magqa --pred b.jsonl --gold gold.json --judge lexical --json --examples > b.json
  duet compare a.json b.json --slice-by language`;

/** `duet compare`: is one run really better than another? */
export function compareCommand(output: CompareOutput = { print: printLine, warn }): Command {
  return new Command('compare')
    .description('compare the reports of two or more runs, example by example')
    .argument('<baseline>', 'report with its examples (JSON), or the folder of a benchmark')
    .argument('<runs...>', 'reports or folders to compare with it')
    .addOption(
      new Option('--format <name>', 'how to print').choices(['table', 'json', 'latex']).default('table'),
    )
    .option('--json', 'the same as --format json')
    .option('--slice-by <tag...>', 'compare by annotation tags, too', [])
    .option('--allow-different', 'go on where the runs differ in task or metric')
    .option('--bootstrap <n>', 'resamples of the interval and of the test', resampleCount, resamples)
    .option('--seed <n>', 'seed of the resampling', wholeNumber, defaultResampling.seed)
    .addHelpText('after', help)
    .action(async (baseline: string, runs: string[], flags: Flags) => {
      await compare([baseline, ...runs], flags, output);
    });
}

async function compare(
  paths: readonly string[],
  flags: Flags,
  { print, warn }: CompareOutput,
): Promise<void> {
  const comparison = await compareReports({
    reports: paths,
    resampling: { ...defaultResampling, resamples: flags.bootstrap, seed: flags.seed },
    sliceBy: flags.sliceBy,
    allowDifferent: flags.allowDifferent === true,
  });
  // The table begins with the warnings; the other formats are mostly read by programs.
  if (flags.json === true || flags.format !== 'table') comparison.warnings.forEach(warn);
  print(formatted(comparison, flags));
}

function formatted(comparison: Comparison, { json, format }: Flags): string {
  switch (json === true ? 'json' : format) {
    case 'table':
      return comparisonToTable(comparison);
    case 'json':
      return comparisonToJson(comparison);
    case 'latex':
      return comparisonToLatex(comparison);
  }
}

function resampleCount(text: string): number {
  const count = wholeNumber(text);
  if (count >= 100 && count <= 1_000_000) return count;
  throw new InvalidArgumentError('expected a whole number from 100 to 1000000');
}

function printLine(text: string): void {
  process.stdout.write(`${text}\n`);
}

function warn(message: string): void {
  process.stderr.write(`duet: WARNING: ${oneLine(message)}\n`);
}
