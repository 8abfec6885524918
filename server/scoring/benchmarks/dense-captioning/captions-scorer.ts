import type { PlainScorer, ScoringRequest } from '../../benchmark.js';
import { readQaAnnotations } from '../../data/qa-annotations.js';
import { openPredictions } from '../../data/read-predictions.js';
import { missingIn } from '../common-rules.js';
import type { CaptionRules } from './rules.js';
import { type MeteorTier, exactTier, stemTier, synonymTier } from './meteor/tier.js';
import { readWordNet } from './meteor/wordnet.js';
import { formatOfPath } from './captions.js';
import { type CaptionOptions, type CaptionResult, scoreCaptions } from './score-captions.js';
import type { TaskReport } from '../../report/report.js';

/** Reads the gold captions, and WordNet if METEOR should match synonyms. */
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

/**
 * The report of a dense captioning run; `compat` also gives SODA_c under the name the published script
 * prints.
 */
function captionsReport(result: CaptionResult, options: CaptionOptions): TaskReport {
  const { mode, tier, ...others } = options;
  const { metrics } = result;
  const soda = metrics['SODA_c'] ?? null;
  return {
    task: 'densecap',
    mode,
    options: { ...others, meteorTier: tier.name },
    versions: { tokeniser: 'ptb-rules-1', cider: 'CIDEr-D', meteor: `1.5 ${tier.name}, own function words` },
    judge: null,
    notes: [
      `METEOR and SODA_c use the tier "${tier.name}"; the published scores also match paraphrases`,
      ...(mode === 'compat' && result.nOtherLetters > 0 ? [otherLetters(result.nOtherLetters)] : []),
    ],
    counts: { ...result.counts },
    headline: [
      { name: 'SODA_c', value: soda, digits: 1 },
      { name: 'CIDER', value: metrics['CIDER'] ?? null, digits: 1 },
      { name: 'F1_Score', value: metrics['F1_Score'] ?? null, digits: 1 },
    ],
    values: { metrics: mode === 'compat' ? { ...metrics, SODA_c_2: soda } : metrics, meteor_tier: tier.name },
    exampleMetric: 'F1_Score',
    examples: result.examples,
  };
}

function otherLetters(count: number): string {
  const what = 'Para_CIDER and Para_METEOR read the letters a to z only, as published';
  return (
    `${what}: ${count} videos have captions with other letters, which they ` +
    'ignore; strict mode reads every script'
  );
}
