import type { Span } from '../../data/span.js';
import { mean } from '../../statistics/mean.js';
import { detectionAveragePrecision, topWindowIoU, type ScoredWindow } from './window-detection.js';

/** The evaluator's brief map of moment retrieval, in percent; a range without gold windows is null. */
export function momentFigures(result: MomentResult): Readonly<Record<string, number | null>> {
  const at = (name: 'averagePrecision' | 'recallAt1', threshold: number) =>
    result.full?.[name].find((point) => point.threshold === threshold)?.value ?? null;
  return {
    'MR-full-mAP': result.full?.meanAveragePrecision ?? null,
    'MR-full-mAP@0.5': at('averagePrecision', 0.5),
    'MR-full-mAP@0.75': at('averagePrecision', 0.75),
    'MR-full-R1@0.5': at('recallAt1', 0.5),
    'MR-full-R1@0.7': at('recallAt1', 0.7),
    'MR-long-mAP': result.long?.meanAveragePrecision ?? null,
    'MR-middle-mAP': result.middle?.meanAveragePrecision ?? null,
    'MR-short-mAP': result.short?.meanAveragePrecision ?? null,
  };
}

/** Windows predicted for a query, best first, beside the gold windows. */
interface MomentQuery {
  readonly predicted: readonly ScoredWindow[];
  readonly gold: readonly Span[];
}

/** Figures of one range of gold lengths, in percent, by IoU threshold. */
interface MomentScores {
  /** Queries with a gold window in the range. */
  readonly nQueries: number;
  readonly averagePrecision: readonly { readonly threshold: number; readonly value: number }[];
  /** Mean over the thresholds. */
  readonly meanAveragePrecision: number;
  readonly recallAt1: readonly { readonly threshold: number; readonly value: number }[];
}

/** The IoU thresholds 0.50, 0.55 .. 0.95. */
const momentThresholds: readonly number[] = Array.from({ length: 10 }, (_, index) => (50 + 5 * index) / 100);

/** Ranges of gold length in seconds: above the first, up to and including the second. */
const lengthRanges = {
  short: [0, 10],
  middle: [10, 30],
  long: [30, 150],
  full: [0, 150],
} as const;

/** Name of one of {@link lengthRanges}. */
export type LengthRange = keyof typeof lengthRanges;

/** The figures of every range of gold lengths; null for one without gold windows. */
export type MomentResult = Readonly<Record<LengthRange, MomentScores | null>>;

/** Moment retrieval by the length of the gold windows. */
export function scoreMomentsByLength(queries: readonly MomentQuery[]): MomentResult {
  const scores = (range: LengthRange) => scoreMoments(queries, range);
  return { full: scores('full'), long: scores('long'), middle: scores('middle'), short: scores('short') };
}

/**
 * Moment retrieval over the queries that have gold windows of the asked length. Null where there are none.
 * Figures are not rounded; the benchmark prints two decimals.
 */
export function scoreMoments(queries: readonly MomentQuery[], range: LengthRange): MomentScores | null {
  const chosen = queries.map((query) => inRange(query, range)).filter((query) => query.gold.length > 0);
  if (chosen.length === 0) return null;
  const perThreshold = (value: (query: MomentQuery, threshold: number) => number) =>
    momentThresholds.map((threshold) => ({
      threshold,
      value: mean(chosen.map((query) => value(query, threshold))) * 100,
    }));
  const averagePrecision = perThreshold((query, threshold) =>
    detectionAveragePrecision(query.predicted, query.gold, threshold),
  );
  return {
    nQueries: chosen.length,
    averagePrecision,
    meanAveragePrecision: mean(averagePrecision.map(({ value }) => value)),
    recallAt1: perThreshold(({ predicted, gold }, threshold) =>
      topWindowIoU(predicted, gold) >= threshold ? 1 : 0,
    ),
  };
}

function inRange({ predicted, gold }: MomentQuery, range: LengthRange): MomentQuery {
  const [above, upTo] = lengthRanges[range];
  const fits = ([start, end]: Span) => range === 'full' || (end - start > above && end - start <= upTo);
  return { predicted, gold: gold.filter(fits) };
}
