import { finiteOrNull, mean } from '../../statistics/mean.js';
import { lowestRating } from './score-matrix.js';
import type { ExampleScore } from './example-score.js';

/** The means of a run over the examples, padding included. */
export interface MagqaSummary {
  /** Headline: mean in-span score, 1..5; null where nothing was scored. */
  readonly inSpan: number | null;
  readonly best: number | null;
  readonly turns: number | null;
  readonly turnsDedup: number | null;
  /** Share of replies that repeat an earlier one of their example, 1 - distinct / all; null without replies. */
  readonly duplicateRatio: number | null;
  /** In-span values that went into the mean, padding last. */
  readonly inSpanValues: readonly number[];
}

/**
 * Averages examples, each of the four lists filled up to `padTo` entries: an example that is missing scores 1 and has
 * no turns. An example without gold turns has no in-span score, so padding replaces it.
 */
export function summarise(examples: readonly ExampleScore[], padTo: number): MagqaSummary {
  const inSpanValues = padded(
    examples.flatMap((example) => (example.inSpan === null ? [] : [example.inSpan])),
    lowestRating,
    padTo,
  );
  const turns = padded(
    examples.map((example) => example.turns),
    0,
    padTo,
  );
  const turnsDedup = padded(
    examples.map((example) => example.turnsDedup),
    0,
    padTo,
  );
  const best = padded(
    examples.map((example) => example.best),
    lowestRating,
    padTo,
  );
  return {
    inSpan: finiteOrNull(mean(inSpanValues)),
    best: finiteOrNull(mean(best)),
    turns: finiteOrNull(mean(turns)),
    turnsDedup: finiteOrNull(mean(turnsDedup)),
    duplicateRatio: finiteOrNull(1 - mean(turnsDedup) / mean(turns)),
    inSpanValues,
  };
}

function padded(values: readonly number[], filler: number, length: number): number[] {
  const missing = Math.max(0, length - values.length);
  return [...values, ...new Array<number>(missing).fill(filler)];
}
