import { Command } from 'commander';
import { oneLine } from '../../server/cli/terminal/exit-code.js';
import { wholeBetween } from '../../server/cli/flags/number-flags.js';

/** The inputs and outputs of the figures. */
export interface FiguresFlags {
  /** Folder or name of the model. */
  readonly model: string;
  /** A second build of the same model, in other numbers. */
  readonly second?: string;
  /**
   * Folder of the test split: `clips`, `annotations`, perhaps `grammar.json` and `eye.onnx`; default: the
   * model's world's.
   */
  readonly test?: string;
  /** A development split to choose smoothing windows and grounding's threshold on. */
  readonly dev?: string;
  /** Folder of the labelled clips of real pictures, to play them too. */
  readonly real?: string;
  /** Plays nothing but these, and prints their figures instead of writing files. */
  readonly onlyReal?: boolean;
  /** Where the three files go; default: the model's folder. */
  readonly out?: string;
  /** The card's template; default: that for models of its kind. */
  readonly card?: string;
  /** Where runs are kept, so that they can continue. */
  readonly work?: string;
  /** Only the first questions of every task. */
  readonly quick?: number;
  readonly jobs?: number;
}

const example = `
Example:
  npm run figures -- --model models/duet-nano --second duet-nano-fp32 --dev rendered/validation`;

/** The command line of `npm run figures`. */
export function figuresCommand(): Command {
  return new Command('figures')
    .description("a model's figures on a rendered test split, beside baselines and ablations, and its card")
    .option('--model <folder>', 'the model', 'duet-nano')
    .option('--second <folder>', 'a second build of it to compare')
    .option(
      '--test <folder>',
      "test split: clips/ and annotations/ (default: the bundled one of the model's world)",
    )
    .option('--dev <folder>', "development split, to choose smoothing and grounding's threshold on")
    .option(
      '--real <folder>',
      'also play the labelled clips of real pictures (models/figures/real/clips/build_clips.py builds them)',
    )
    .option('--only-real', 'play nothing else, and print the figures instead of writing files')
    .option(
      '--out <folder>',
      "where figures.json, threshold-curve.svg and MODEL_CARD.md go (default: the model's)",
    )
    .option('--card <template>', 'the card with named places (default: that for models of its kind)')
    .option(
      '--work <folder>',
      'where runs are kept and go on (default: a temporary folder of model and split)',
    )
    .option('--quick <n>', 'only the first questions of every task', wholeBetween(1, 1e9))
    .option('--jobs <n>', 'questions played at once', wholeBetween(1, 256))
    .addHelpText('after', example);
}

/** Writes a line to standard error, next to the progress. */
export function tell(message: string): void {
  process.stderr.write(`figures: ${oneLine(message)}\n`);
}
