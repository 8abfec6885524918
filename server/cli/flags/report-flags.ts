import { Option, type Command } from 'commander';
import type { Mode } from '../../scoring/mode.js';
import { defaultResampling } from '../../scoring/statistics/bootstrap.js';
import type { ReportFormat } from '../terminal/print-report.js';
import { wholeBetween, wholeNumber } from './number-flags.js';

/** Flags that say in which mode to score and how to report. */
export interface ReportFlags extends ReportFormat {
  readonly mode: Mode;
  readonly skipUnknown?: true;
}

/** Adds the flags of modes and reports. */
export function addReportOptions(command: Command): Command {
  return command
    .addOption(modeOption())
    .option('--json', 'the same as --format json')
    .addOption(
      new Option('--format <name>', 'how to print')
        .choices(['table', 'json', 'csv', 'latex'])
        .default('table'),
    )
    .option('--examples', 'list the value of every example (JSON)')
    .option('--skip-unknown', 'leave predictions without annotation out instead of failing')
    .option('--slice-by <tag...>', 'means by annotation tags', [])
    .option(
      '--bootstrap <n>',
      'resamples of the interval, 0 for none',
      wholeBetween(0, 1_000_000),
      defaultResampling.resamples,
    )
    .option('--seed <n>', 'seed of the resampling', wholeNumber, defaultResampling.seed);
}

/** The flag for the scoring mode. */
export function modeOption(): Option {
  return new Option('--mode <mode>', 'as published, defects included, or as meant')
    .choices(['compat', 'strict'])
    .default('strict');
}

/** What to do with predictions without annotation. */
export function unknownRule(flags: Pick<ReportFlags, 'skipUnknown'>): 'fail' | 'skip' {
  return flags.skipUnknown === true ? 'skip' : 'fail';
}
