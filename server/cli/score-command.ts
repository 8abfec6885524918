import { Command, Option } from 'commander';
import { buildReport } from '../scoring/report/build-report.js';
import type { Report, TaskReport } from '../scoring/report/report.js';
import { reportToCsv } from '../scoring/report/to-csv.js';
import { reportToJson } from '../scoring/report/to-json.js';
import { reportToLatex } from '../scoring/report/to-latex.js';
import { reportToTable } from '../scoring/report/to-table.js';
import { defaultResampling } from '../scoring/statistics/bootstrap.js';
import {
  finiteNumber,
  missingOption,
  sharedOptions,
  shareNumber,
  wholeNumber,
  type CaptionFlags,
  type GroundingFlags,
  type HighlightFlags,
  type MagqaFlags,
  type PaucFlags,
  type SharedFlags,
} from './score-flags.js';
import { runCaptions, runGrounding, runHighlight, runMagqa, runPauc } from './score-runs.js';

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
  return sharedOptions(new Command('magqa'))
    .description('multi-answer grounded question answering: in-span score')
    .requiredOption('--judge <name>', 'recorded:<file> or lexical')
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
      print(writeReport(await runMagqa(flags), flags));
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
      print(writeReport(await runGrounding(flags), flags));
    });
}

function highlightCommand(print: Print): Command {
  return sharedOptions(new Command('highlight'))
    .description('highlight detection: mAP and Hit@1')
    .addOption(missingOption())
    .option('--window <frames>', 'smoothing window to report', wholeNumber)
    .action(async (flags: HighlightFlags) => {
      print(writeReport(await runHighlight(flags), flags));
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
      print(writeReport(await runCaptions(flags), flags));
    });
}

function paucCommand(print: Print): Command {
  return sharedOptions(new Command('pauc'))
    .description('proactive answering: PAUC, repetition, latency')
    .addOption(missingOption())
    .requiredOption('--judge <name>', 'recorded:<file> or lexical')
    .option('--omega <share>', '0 takes timing fully into account, 1 not at all', shareNumber, 0.5)
    .action(async (flags: PaucFlags) => {
      print(writeReport(await runPauc(flags), flags));
    });
}

function writeReport(task: TaskReport, flags: SharedFlags): string {
  const { bootstrap, seed, sliceBy } = flags;
  const resampling = bootstrap === 0 ? null : { ...defaultResampling, resamples: bootstrap, seed };
  return formatReport(buildReport(task, { resampling, sliceBy }), flags);
}

function formatReport(report: Report, flags: SharedFlags): string {
  const format = flags.json === true ? 'json' : flags.format;
  switch (format) {
    case 'table':
      return reportToTable(report);
    case 'json':
      return reportToJson(report, flags.examples === true);
    case 'csv':
      return reportToCsv(report);
    case 'latex':
      return reportToLatex(report);
  }
}
