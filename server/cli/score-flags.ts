import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Mode } from '../scoring/mode.js';
import type { Protocol } from '../scoring/protocol.js';
import { defaultResampling } from '../scoring/statistics/bootstrap.js';
import { plainNumber, wholeBetween } from './number-option.js';

/** Flags of every task. */
export interface SharedFlags extends ReportFlags {
  readonly pred: string;
  readonly gold: string;
}

/** Flags that say by which rules to score and how to report. */
export interface ReportFlags {
  readonly mode: Mode;
  readonly json?: true;
  readonly format: 'table' | 'json' | 'csv' | 'latex';
  readonly examples?: true;
  readonly skipUnknown?: true;
  readonly sliceBy: readonly string[];
  readonly bootstrap: number;
  readonly seed: number;
}

/** Flags of `score grounding`. */
export interface GroundingFlags extends SharedFlags {
  readonly missing?: 'zero' | 'skip';
  readonly protocol: Protocol;
  readonly longestRun?: true;
  readonly window?: number;
  readonly threshold?: number;
  readonly devPred?: string;
  readonly devGold?: string;
}

/** Flags of `score highlight`. */
export interface HighlightFlags extends SharedFlags {
  readonly protocol: Protocol;
  readonly missing?: 'zero' | 'skip';
  readonly window?: number;
  readonly devPred?: string;
  readonly devGold?: string;
}

/** Flags of `score densecap`. */
export interface CaptionFlags extends SharedFlags {
  readonly missing?: 'zero' | 'skip';
  readonly captionFormat?: 'percent' | 'seconds';
  readonly meteor: 'exact' | 'stem';
  readonly wordnet?: string;
}

/** Adds the flags every task has. */
export function sharedOptions(command: Command): Command {
  return reportOptions(
    command
      .requiredOption('--pred <file>', 'predictions, one JSON object a line')
      .requiredOption('--gold <file>', 'annotations'),
  );
}

/** Adds the flags of rules and reports. */
export function reportOptions(command: Command): Command {
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

/** By which rules to score. */
export function modeOption(): Option {
  return new Option('--mode <mode>', 'as published, defects included, or as meant')
    .choices(['compat', 'strict'])
    .default('strict');
}

/** What of a video may be known when a frame is scored. */
export function protocolOption(): Option {
  return new Option('--protocol <name>', 'what may be seen: the whole video, or no later frame')
    .choices(['offline', 'live'])
    .default('offline');
}

/** What becomes of annotations without a prediction. */
export function missingOption(): Option {
  return new Option('--missing <rule>', 'annotations without prediction: 0, or left out').choices([
    'zero',
    'skip',
  ]);
}

/** Parses a whole number. */
export function wholeNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('expected a whole number');
}

/** Parses a number. */
export function finiteNumber(text: string): number {
  const value = plainNumber(text);
  if (Number.isFinite(value)) return value;
  throw new InvalidArgumentError('expected a number');
}

/** Parses a number from 0 to 1. */
export function shareNumber(text: string): number {
  const value = finiteNumber(text);
  if (value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError('expected a number from 0 to 1');
}
