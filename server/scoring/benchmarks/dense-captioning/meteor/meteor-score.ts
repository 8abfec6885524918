import {
  addCounts,
  addStatistics,
  isPerfect,
  meteorStatistics,
  total,
  type MeteorStatistics,
  type WordCounts,
} from './meteor-statistics.js';
import type { MeteorTier } from './tier.js';

/** METEOR 1.5 of one pair, 0..1, by the stages of the tier. */
export function meteor(pair: SentencePair, tier: MeteorTier): number {
  return scoreOf(statisticsOf(pair, tier), tier);
}

// The "rank" parameters of METEOR 1.5 for English.
const alpha = 0.85;
const beta = 0.2;
const gamma = 0.6;
const contentWeight = 0.75;

/** A hypothesis and its one reference, as words by `normaliseWords`. */
export interface SentencePair {
  readonly hypothesis: readonly string[];
  readonly reference: readonly string[];
}

/** METEOR 1.5 of a corpus: the statistics of all pairs added up; 0 for no pairs. */
export function corpusMeteor(pairs: readonly SentencePair[], tier: MeteorTier): number {
  return meteorOfStatistics(
    pairs.map((pair) => statisticsOf(pair, tier)),
    tier,
  );
}

/** METEOR 1.5 of a corpus whose pairs were aligned before. */
export function meteorOfStatistics(statistics: readonly MeteorStatistics[], tier: MeteorTier): number {
  return scoreOf(addStatistics(statistics, tier), tier);
}

/** Aligns a pair and counts its words. */
export function statisticsOf({ hypothesis, reference }: SentencePair, tier: MeteorTier): MeteorStatistics {
  return meteorStatistics(hypothesis, reference, tier);
}

function scoreOf(statistics: MeteorStatistics, tier: MeteorTier): number {
  const { hypothesis, reference, matched, chunks } = statistics;
  const precision = weightedShare(
    matched.map((stage) => stage.hypothesis),
    hypothesis,
    tier,
  );
  const recall = weightedShare(
    matched.map((stage) => stage.reference),
    reference,
    tier,
  );
  const harmonic = 1 / ((1 - alpha) / precision + alpha / recall);
  const matchedWords =
    total(addCounts(matched.map((stage) => stage.hypothesis))) +
    total(addCounts(matched.map((stage) => stage.reference)));
  const fragmentation = isPerfect(statistics) ? 0 : chunks / (matchedWords / 2);
  const score = harmonic * (1 - gamma * fragmentation ** beta);
  return Number.isNaN(score) ? 0 : score;
}

function weightedShare(matched: readonly WordCounts[], all: WordCounts, tier: MeteorTier): number {
  const weigh = (counts: WordCounts) =>
    contentWeight * counts.content + (1 - contentWeight) * counts.function;
  const found = matched.reduce(
    (sum, counts, stage) => sum + (tier.stages[stage]?.weight ?? 0) * weigh(counts),
    0,
  );
  return found / weigh(all);
}
