import { Command, Option } from 'commander';
import { printEstimate } from './judge/print-judged.js';
import type { MagqaFlags, PaucFlags, ScoredOrEstimated } from './score-judged.js';
import {
  reportOptions,
  sharedOptions,
  type CaptionFlags,
  type GroundingFlags,
  type HighlightFlags,
  type ReportFlags,
} from './score-flags.js';
import { printReport } from './print-report.js';
import { captionRules, groundingRules, highlightRules, magqaRules, paucRules } from './score-rules.js';
import { untilInterrupted } from './until-interrupted.js';

/**
 * `duet score <task>`: figures of a prediction file, of any system, against annotations. `print` takes the
 * report. Whatever is wrong with files or options is thrown as one of our errors, its message on one line.
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
  return magqaRules(reportOptions(command))
    .option('--concat', 'judge the replies of an example as one')
    .option('--save-judged <file>', 'write the score matrix of every example')
    .action(async (flags: MagqaFlags) => {
      // Here and in the other actions, not above, so that help does not wait for the scorers.
      const { runMagqa } = await import('./score-judged.js');
      print(textOf(await untilInterrupted((signal) => runMagqa(flags, signal)), flags));
    });
}

function groundingCommand(print: Print): Command {
  return groundingRules(sharedOptions(new Command('grounding')))
    .description('temporal grounding: IoU over smoothing windows and thresholds')
    .option('--dev-pred <file>', 'choose window and threshold on this development split')
    .option('--dev-gold <file>', 'annotations of the development split')
    .action(async (flags: GroundingFlags) => {
      const { runGrounding } = await import('./score-runs.js');
      print(printReport(await runGrounding(flags), flags));
    });
}

function highlightCommand(print: Print): Command {
  return highlightRules(sharedOptions(new Command('highlight')))
    .description('highlight detection: mAP and Hit@1')
    .option('--dev-pred <file>', 'choose the window on this development split')
    .option('--dev-gold <file>', 'annotations of the development split')
    .action(async (flags: HighlightFlags) => {
      const { runHighlight } = await import('./score-runs.js');
      print(printReport(await runHighlight(flags), flags));
    });
}

function captionsCommand(print: Print): Command {
  return captionRules(sharedOptions(new Command('densecap')))
    .description('dense captioning: SODA_c, CIDEr, METEOR, F1')
    .addOption(new Option('--caption-format <name>', 'times in text answers').choices(['percent', 'seconds']))
    .action(async (flags: CaptionFlags) => {
      const { runCaptions } = await import('./score-runs.js');
      print(printReport(await runCaptions(flags), flags));
    });
}

function paucCommand(print: Print): Command {
  return paucRules(sharedOptions(new Command('pauc')))
    .description('proactive answering: PAUC, repetition, latency')
    .action(async (flags: PaucFlags) => {
      const { runPauc } = await import('./score-judged.js');
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
