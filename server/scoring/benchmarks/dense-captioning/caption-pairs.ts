import { mean } from '../../statistics/mean.js';
import { cider } from './cider.js';
import { localisationThresholds } from './localisation.js';
import { meteorOfStatistics, statisticsOf } from './meteor/meteor-score.js';
import type { MeteorStatistics } from './meteor/meteor-statistics.js';
import type { MeteorTier } from './meteor/tier.js';
import { fillerSentence, type PreparedSentence } from './prepared-sentence.js';

/** A predicted caption beside the gold caption it is compared with. */
export interface CaptionPair {
  readonly predicted: PreparedSentence;
  readonly gold: PreparedSentence;
}

/** Text quality of the captions of one video, each the mean over the localisation thresholds. */
export interface CaptionQuality {
  readonly cider: number;
  /** 0..1 */
  readonly meteor: number;
}

/**
 * The pairs of one video at a threshold: each prediction with every gold caption of IoU at least that high,
 * or with a filler where there is none.
 */
export function captionPairs(
  gold: readonly PreparedSentence[],
  predicted: readonly PreparedSentence[],
  ioU: readonly (readonly number[])[],
  threshold: number,
): CaptionPair[] {
  return predicted.flatMap((sentence, column) => {
    const near = gold.filter((_, row) => (ioU[row]?.[column] ?? 0) >= threshold);
    const partners = near.length === 0 ? [fillerSentence] : near;
    return partners.map((partner) => ({ predicted: sentence, gold: partner }));
  });
}

/**
 * CIDEr and METEOR of one video over its own pairs; 0 without predictions. A pair that counts at several
 * thresholds is aligned once.
 */
export function captionQuality(
  gold: readonly PreparedSentence[],
  predicted: readonly PreparedSentence[],
  ioU: readonly (readonly number[])[],
  tier: MeteorTier,
): CaptionQuality {
  const align = rememberAlignments(tier);
  const perThreshold = localisationThresholds.map((threshold) => {
    const pairs = captionPairs(gold, predicted, ioU, threshold);
    return { cider: ciderOf(pairs), meteor: meteorOfStatistics(pairs.map(align), tier) };
  });
  return {
    cider: mean(perThreshold.map((quality) => quality.cider)),
    meteor: mean(perThreshold.map((quality) => quality.meteor)),
  };
}

function rememberAlignments(tier: MeteorTier): (pair: CaptionPair) => MeteorStatistics {
  const known = new Map<PreparedSentence, Map<PreparedSentence, MeteorStatistics>>();
  return ({ predicted, gold }) => {
    const ofPredicted = known.get(predicted) ?? new Map<PreparedSentence, MeteorStatistics>();
    known.set(predicted, ofPredicted);
    const statistics =
      ofPredicted.get(gold) ?? statisticsOf({ hypothesis: predicted.words, reference: gold.words }, tier);
    ofPredicted.set(gold, statistics);
    return statistics;
  };
}

/** CIDEr-D of a corpus of pairs. */
export function ciderOf(pairs: readonly CaptionPair[]): number {
  return cider(
    pairs.map(({ predicted, gold }) => ({ hypothesis: predicted.ngrams, references: [gold.ngrams] })),
  ).score;
}
