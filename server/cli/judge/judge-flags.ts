import { InvalidArgumentError, Option, type Command } from 'commander';
import { judgeNames } from '../../scoring/judges/kinds/open-judge.js';
import type { Price } from '../../scoring/judges/judging-plan.js';
import type { Mode } from '../../scoring/mode.js';
import { finiteNumber, numberBetween, wholeBetween } from '../flags/number-flags.js';

/** Adds the flags of every command that asks a judge. */
export function addJudgeOptions(command: Command): Command {
  return addChecks(addSpending(addAsking(command)));
}

/** Flags that choose a judge and how to ask it. */
export interface JudgeFlags {
  readonly mode: Mode;
  readonly judge?: string;
  readonly judgeUrl?: string;
  readonly judgeKeyFile?: string;
  readonly judgeConcurrency: number;
  /** Seconds. */
  readonly judgeTimeout: number;
  readonly judgeRetries: number;
  readonly judgeAttempts: number;
  /** Absent or null to start low and raise the limit once a reply is cut off. */
  readonly judgeMaxTokens?: number | null;
  /** A folder; false for no cache, absent for the user's cache folder. */
  readonly judgeCache?: string | false;
  readonly judgePrice?: Price;
  /** Dollars. */
  readonly judgeBudget?: number;
  readonly judgeDryRun?: true;
  readonly judgeSwap?: 'report' | 'mean';
  readonly secondJudge?: string;
  readonly secondJudgeUrl?: string;
  readonly secondJudgeKeyFile?: string;
  readonly secondJudgePrice?: Price;
}

/** Flags of `duet judge <task>`. */
export interface JudgeFileFlags extends JudgeFlags {
  readonly mode: Mode;
  readonly pred: string;
  readonly gold: string;
  readonly output: string;
  readonly skipUnknown?: true;
  readonly concat?: true;
  readonly record?: string;
  readonly json?: true;
}

/** Flags of `duet judge batch create`. */
export interface BatchCreateFlags extends JudgeFlags {
  readonly task: string;
  readonly mode: Mode;
  readonly pred: string;
  readonly gold: string;
  readonly skipUnknown?: true;
  readonly concat?: true;
}

/** Flags of `duet judge batch apply`. */
export interface BatchApplyFlags extends JudgeFlags {
  readonly record?: string;
  readonly output?: string;
}

function addAsking(command: Command): Command {
  return command
    .option('--judge <name>', judgeNames)
    .option('--judge-url <address>', 'of the service of an openai: judge (default: $OPENAI_BASE_URL)')
    .option('--judge-key-file <file>', 'that holds its key (default: $OPENAI_API_KEY)')
    .option('--judge-concurrency <n>', 'requests at once', wholeBetween(1, 1000), 8)
    .option('--judge-timeout <seconds>', 'that one request may take', positiveSeconds, 60)
    .option('--judge-retries <n>', 'of a request that failed', wholeBetween(0, 100), 6)
    .option('--judge-attempts <n>', 'at a reply that can be used, in strict mode', wholeBetween(1, 100), 3)
    .option(
      '--judge-max-tokens <n>',
      'that a reply may have, thoughts included (default: 16, and 4096 once a reply was cut off)',
      wholeBetween(1, 1_000_000),
    )
    .option('--judge-cache <dir>', 'of the replies that are kept (default: in the cache folder of the user)')
    .option('--no-judge-cache', 'keep no replies');
}

function addSpending(command: Command): Command {
  return command
    .option('--judge-price <in,out>', 'dollars per million tokens, such as 2.5,10', priceOption)
    .option(
      '--judge-budget <dollars>',
      'do not begin what is estimated to cost more, and stop before it does',
      numberBetween(0, 1_000_000),
    )
    .option('--judge-dry-run', 'print what judging would take, and ask nothing');
}

function addChecks(command: Command): Command {
  return command
    .addOption(
      new Option('--judge-swap [rule]', 'rate both orders of gold and prediction: report, or score the mean')
        .choices(['report', 'mean'])
        .preset('report'),
    )
    .option('--second-judge <name>', 'report how far this one agrees')
    .option('--second-judge-url <address>', 'of its service (default: the same)')
    .option(
      '--second-judge-key-file <file>',
      'that holds its key (default: the same, at the same service only)',
    )
    .option('--second-judge-price <in,out>', 'dollars per million tokens', priceOption);
}

function priceOption(text: string): Price {
  const [input, output, ...more] = text.split(',').map((part) => finiteNumber(part));
  if (input === undefined || output === undefined || more.length > 0 || input < 0 || output < 0) {
    throw new InvalidArgumentError('expected two prices such as 2.5,10');
  }
  return { input, output };
}

/** Parses seconds for a timer. */
export function positiveSeconds(text: string): number {
  const value = finiteNumber(text);
  // Well below the longest delay of a timer.
  if (value > 0 && value <= 86_400) return value;
  throw new InvalidArgumentError('expected seconds, above 0 and at most 86400');
}
