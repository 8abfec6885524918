import type { ExampleScore } from './in-span-score.js';
import type { MagqaOptions } from './rules.js';

/**
 * Chooses what is averaged. `compat` drops silent predictions, uses the first `numExamples` of the others and
 * pads up to that number. `strict` keeps silent predictions, drops questions without gold turns, and, when
 * padding, adds what was never predicted as silent.
 */
export function selectExamples(
  judged: readonly JudgedRow[],
  missing: readonly ExampleScore[],
  options: MagqaOptions,
): Selection {
  const compat = options.mode === 'compat';
  const taken = judged.filter(({ score }) => !score.isLeftOut);
  const eligible = taken.filter(({ score }) => (compat ? score.turns > 0 : score.inSpan !== null));
  const size = options.numExamples ?? (compat ? publishedSplit : Infinity);
  // Padding would score as wrong what the judge did not accept.
  const limit = Math.max(0, size - (judged.length - taken.length));
  const first = eligible.slice(0, limit);
  const used = options.allMatch ? first : first.filter((row) => !row.startsWithoutTime);
  const scores = used.map((row) => row.score);
  const examples =
    compat || !options.pad ? scores : [...scores, ...missing].slice(0, Math.max(limit, scores.length));
  return {
    examples,
    nJudged: scores.length,
    padTo: options.pad && Number.isFinite(limit) && examples.length < limit ? limit : 0,
    skippedTimeless: first.length - used.length,
  };
}

/** The parts of a judged example needed to select it. */
export interface JudgedRow {
  readonly score: ExampleScore;
  readonly startsWithoutTime: boolean;
}

/** The examples whose results are averaged. */
interface Selection {
  /** Judged examples, then, in `strict`, a row for each missing one. */
  readonly examples: readonly ExampleScore[];
  /** How many of them were judged. */
  readonly nJudged: number;
  /** Length the lists of results are filled up to; 0 for no padding. */
  readonly padTo: number;
  /** Examples left out because their replies have no time. */
  readonly skippedTimeless: number;
}

/** Size of the published test split, which `compat` assumes. */
const publishedSplit = 2000;
