import { Option, type Command } from 'commander';
import { addJudgeOptions } from './judge/judge-flags.js';
import { numberBetween, wholeBetween } from './number-option.js';
import { missingOption, protocolOption, shareNumber, wholeNumber } from './score-flags.js';

/** Adds the flags of MAGQA's rules. */
export function magqaRules(command: Command): Command {
  return addJudgeOptions(command)
    .option(
      '--num-examples <n>',
      'size of the test split (default: 2000 in compat, else the annotated questions)',
      wholeBetween(0, 1_000_000),
    )
    .option('--no-pad', 'leave missing examples out instead of counting them as 1')
    .option('--no-all-match', 'replies without a time count within no span');
}

/** Adds the flags of temporal grounding's rules. */
export function groundingRules(command: Command): Command {
  return command
    .addOption(protocolOption())
    .option('--longest-run', 'keep only the longest run of frames')
    .addOption(missingOption())
    .option('--window <frames>', 'smoothing window to report', wholeNumber)
    .option('--threshold <score>', 'threshold to report', numberBetween(0.3, 0.7));
}

/** Adds the flags of highlight detection's rules. */
export function highlightRules(command: Command): Command {
  return command
    .addOption(protocolOption())
    .addOption(missingOption())
    .option('--window <frames>', 'smoothing window to report', wholeNumber);
}

/** Adds the flags of dense captioning's rules. */
export function captionRules(command: Command): Command {
  return command
    .addOption(missingOption())
    .addOption(new Option('--meteor <tier>', 'matching of METEOR').choices(['exact', 'stem']).default('stem'))
    .option('--wordnet <dir>', 'WordNet 3 dictionary folder: METEOR matches synonyms too');
}

/** Adds the flags of PAUC's rules. */
export function paucRules(command: Command): Command {
  return addJudgeOptions(command)
    .addOption(missingOption())
    .option('--omega <share>', '0 takes timing fully into account, 1 not at all', shareNumber, 0.5);
}
