import type { Mode } from '../../mode.js';
import { ioUMatrix, localisationThresholds, localise } from './localisation.js';
import { meteor, meteorOfStatistics, statisticsOf } from './meteor/meteor-score.js';
import type { MeteorTier } from './meteor/tier.js';
import type { Caption } from './captions.js';
import { type PreparedSentence, fillerSentence, prepareSentence } from './prepared-sentence.js';
import { shuffleColumnsAsText, sodaC } from './soda.js';
import { mean } from '../../statistics/mean.js';
import { cider } from './cider.js';
import type { MeteorStatistics } from './meteor/meteor-statistics.js';

/**
 * All figures of one video, 0..1 except CIDEr and the number of predictions. In `compat` the METEOR columns
 * of SODA_c come in the text order of their indices.
 */
export function scoreVideo(
  predicted: readonly Caption[],
  gold: readonly Caption[],
  tier: MeteorTier,
  mode: Mode,
): CaptionMetrics {
  const ioU = ioUMatrix(
    gold.map((caption) => caption.span),
    predicted.map((caption) => caption.span),
  );
  const predictedSentences = predicted.map((caption) => prepareSentence(caption.text, mode));
  const goldSentences = gold.map((caption) => prepareSentence(caption.text, mode));
  const quality = captionQuality(goldSentences, predictedSentences, ioU, tier);
  // SODA takes the gold caption for the hypothesis; METEOR is not symmetric.
  const meteors = goldSentences.map(({ words }) =>
    predictedSentences.map((other) => meteor({ hypothesis: words, reference: other.words }, tier)),
  );
  const localisation = localise(ioU, predicted.length);
  return {
    CIDER: quality.cider,
    METEOR: quality.meteor,
    ...byThreshold('Precision', localisation.precision),
    ...byThreshold('Recall', localisation.recall),
    Precision_Mean: localisation.precisionMean,
    Recall_Mean: localisation.recallMean,
    F1_Score: localisation.f1,
    SODA_c: sodaC(ioU, mode === 'compat' ? shuffleColumnsAsText(meteors) : meteors, predicted.length),
    n_preds: predicted.length,
  };
}

/** Names of the figures of a video, as the published scorer prints them. */
export type CaptionMetrics = Readonly<Record<string, number>>;

function byThreshold(name: string, values: readonly number[]): CaptionMetrics {
  return Object.fromEntries(
    localisationThresholds.map((threshold, index) => [`${name}@${threshold}`, values[index] ?? 0]),
  );
}

/** A predicted caption beside the gold caption it is compared with. */
interface CaptionPair {
  readonly predicted: PreparedSentence;
  readonly gold: PreparedSentence;
}

/** Text quality of the captions of one video, each the mean over the localisation thresholds. */
interface CaptionQuality {
  readonly cider: number;
  /** 0..1 */
  readonly meteor: number;
}

/**
 * The pairs of one video at a threshold: each prediction with every gold caption of IoU at least that high,
 * or with a filler where there is none.
 */
function captionPairs(
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
function captionQuality(
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
function ciderOf(pairs: readonly CaptionPair[]): number {
  return cider(
    pairs.map(({ predicted, gold }) => ({ hypothesis: predicted.ngrams, references: [gold.ngrams] })),
  ).score;
}
