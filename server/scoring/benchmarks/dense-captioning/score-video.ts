import type { Mode } from '../../mode.js';
import { captionQuality } from './caption-pairs.js';
import { ioUMatrix, localisationThresholds, localise } from './localisation.js';
import { meteor } from './meteor/meteor-score.js';
import type { MeteorTier } from './meteor/tier.js';
import type { Caption } from './captions.js';
import { prepareSentence } from './prepared-sentence.js';
import { shuffleColumnsAsText, sodaC } from './soda.js';

/** Names of the figures of a video, as the published scorer prints them. */
export type CaptionMetrics = Readonly<Record<string, number>>;

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

function byThreshold(name: string, values: readonly number[]): CaptionMetrics {
  return Object.fromEntries(
    localisationThresholds.map((threshold, index) => [`${name}@${threshold}`, values[index] ?? 0]),
  );
}
