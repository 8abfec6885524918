import type { PlainScorer, ScoringRequest } from '../../benchmark.js';
import { readQaAnnotations } from '../../data/qa-annotations.js';
import { openPredictions } from '../../data/read-predictions.js';
import { missingIn } from '../shared-rules.js';
import { captionsReport } from './captions-report.js';
import type { CaptionRules } from './rules.js';
import { exactTier, stemTier, synonymTier, type MeteorTier } from './meteor/tier.js';
import { readWordNet } from './meteor/wordnet.js';
import { formatOfPath } from './captions.js';
import { scoreCaptions } from './score-captions.js';

/** Reads the gold captions, and WordNet where METEOR is to match synonyms. */
export async function openCaptions(request: ScoringRequest<CaptionRules>): Promise<PlainScorer> {
  const { annotations, mode, unknown, rules } = request;
  const tier = await openTier(rules);
  const gold = await readQaAnnotations(annotations, mode);
  return {
    type: 'plain',
    gold,
    score: async (predictions) => {
      const source = openPredictions(predictions, { frames: false });
      const format = rules.captionFormat ?? formatOfPath(source.file);
      const options = { mode, unknown, missing: missingIn(mode, rules.missing), format, tier };
      return captionsReport(await scoreCaptions(source, gold, options), options);
    },
  };
}

async function openTier({ wordnet, meteor }: CaptionRules): Promise<MeteorTier> {
  if (wordnet !== undefined) return synonymTier(await readWordNet(wordnet));
  return meteor === 'exact' ? exactTier : stemTier;
}
