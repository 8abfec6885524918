import { Command, Option } from 'commander';
import { printEstimate } from './judge/describe-estimate.js';
import { addJudgeOptions } from './judge-flags.js';
import {
  runMagqa,
  runPauc,
  type MagqaFlags,
  type PaucFlags,
  type ScoredOrEstimated,
} from './score-judged.js';
import {
  finiteNumber,
  missingOption,
  reportOptions,
  sharedOptions,
  shareNumber,
  wholeNumber,
  type CaptionFlags,
  type GroundingFlags,
  type HighlightFlags,
  type ReportFlags,
} from './score-flags.js';
import { printReport } from './print-report.js';
import { runCaptions, runGrounding, runHighlight } from './score-runs.js';
import { untilInterrupted } from './until-interrupted.js';

/**
 * `duet score <task>`: figures of a prediction file, of any system, against annotations. `print` takes the report.
 * Whatever is wrong with files or options is thrown as one of our errors, its message on one line.
 */
export function scoreCommand(print: (text: string) => void = printLine): Command {
  return new Command('score')
    .description('score a file of predictions against annotations')
    .addCommand(magqaCommand(print))
    .addCommand(groundingCommand(print))
    .addCommand(highlightCommand(print))
    .addCommand(captionsCommand(print))
    .addCommand(paucCommand(print))
    .addHelpText(
      'after',
      '\nExample:\n  duet score magqa --pred pred.jsonl --gold gold.json --judge lexical',
    );
}

type Print = (text: string) => void;

function printLine(text: string): void {
  process.stdout.write(`${text}\n`);
}

function magqaCommand(print: Print): Command {
  const command = new Command('magqa')
    .description('multi-answer grounded question answering: in-span score')
    .option('--pred <file>', 'predictions, one JSON object a line')
    .option('--gold <file>', 'annotations')
    .option('--judged <file>', 'score a judged file instead of predictions, without a judge');
  return addJudgeOptions(reportOptions(command))
    .option(
      '--num-examples <n>',
      'size of the test split (default: 2000 in compat, else the annotated questions)',
      wholeNumber,
    )
    .option('--no-pad', 'leave missing examples out instead of counting them as 1')
    .option('--no-all-match', 'replies without a time count within no span')
    .option('--concat', 'judge the replies of an example as one')
    .option('--save-judged <file>', 'write the score matrix of every example')
    .action(async (flags: MagqaFlags) => {
      print(textOf(await untilInterrupted((signal) => runMagqa(flags, signal)), flags));
    });
}

function groundingCommand(print: Print): Command {
  return sharedOptions(new Command('grounding'))
    .description('temporal grounding: IoU over smoothing windows and thresholds')
    .addOption(
      new Option('--protocol <name>', 'what may be seen').choices(['offline', 'live']).default('offline'),
    )
    .option('--longest-run', 'keep only the longest run of frames')
    .addOption(missingOption())
    .option('--window <frames>', 'smoothing window to report', wholeNumber)
    .option('--threshold <score>', 'threshold to report', finiteNumber)
    .option('--dev-pred <file>', 'choose window and threshold on this development split')
    .option('--dev-gold <file>', 'annotations of the development split')
    .action(async (flags: GroundingFlags) => {
      print(printReport(await runGrounding(flags), flags));
    });
}

function highlightCommand(print: Print): Command {
  return sharedOptions(new Command('highlight'))
    .description('highlight detection: mAP and Hit@1')
    .addOption(missingOption())
    .option('--window <frames>', 'smoothing window to report', wholeNumber)
    .action(async (flags: HighlightFlags) => {
      print(printReport(await runHighlight(flags), flags));
    });
}

function captionsCommand(print: Print): Command {
  return sharedOptions(new Command('densecap'))
    .description('dense captioning: SODA_c, CIDEr, METEOR, F1')
    .addOption(missingOption())
    .addOption(new Option('--caption-format <name>', 'times in text answers').choices(['percent', 'seconds']))
    .addOption(new Option('--meteor <tier>', 'matching of METEOR').choices(['exact', 'stem']).default('stem'))
    .option('--wordnet <dir>', 'WordNet 3 dictionary folder: METEOR matches synonyms too')
    .action(async (flags: CaptionFlags) => {
      print(printReport(await runCaptions(flags), flags));
    });
}

function paucCommand(print: Print): Command {
  return addJudgeOptions(sharedOptions(new Command('pauc')))
    .description('proactive answering: PAUC, repetition, latency')
    .addOption(missingOption())
    .option('--omega <share>', '0 takes timing fully into account, 1 not at all', shareNumber, 0.5)
    .action(async (flags: PaucFlags) => {
      print(textOf(await untilInterrupted((signal) => runPauc(flags, signal)), flags));
    });
}

function textOf(outcome: ScoredOrEstimated, flags: ReportFlags): string {
  switch (outcome.type) {
    case 'scored':
      return printReport(outcome.report, flags);
    case 'estimated':
      return printEstimate(outcome.judge, outcome.estimate, flags.json === true || flags.format === 'json');
  }
}
