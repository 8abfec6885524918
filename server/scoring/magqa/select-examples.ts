import type { ExampleScore } from './example-score.js';
import type { MagqaOptions } from './options.js';

/** A judged example, as far as choosing needs it. */
export interface JudgedRow {
  readonly score: ExampleScore;
  readonly startsWithoutTime: boolean;
}

/** The examples whose results are averaged. */
export interface Selection {
  readonly examples: readonly ExampleScore[];
  /** Length the lists of results are filled up to; 0 for no padding. */
  readonly padTo: number;
  /** Examples left out because their replies have no time. */
  readonly skippedTimeless: number;
}

/** Size of the published test split, which `compat` assumes. */
const publishedSplit = 2000;

/**
 * Chooses what is averaged. `compat` drops silent predictions, uses the first `numExamples` of the others and pads up
 * to that number. `strict` keeps silent predictions, drops questions without gold turns, and pads by what is missing.
 */
export function selectExamples(
  judged: readonly JudgedRow[],
  nMissing: number,
  options: MagqaOptions,
): Selection {
  const compat = options.mode === 'compat';
  const limit = options.numExamples ?? (compat ? publishedSplit : null);
  const eligible = judged.filter(({ score }) => (compat ? score.turns > 0 : score.inSpan !== null));
  const first = eligible.slice(0, limit ?? eligible.length);
  const used = options.allMatch ? first : first.filter((row) => !row.startsWithoutTime);
  const wanted = limit ?? used.length + nMissing;
  return {
    examples: used.map((row) => row.score),
    padTo: options.pad && used.length < wanted ? wanted : 0,
    skippedTimeless: first.length - used.length,
  };
}
