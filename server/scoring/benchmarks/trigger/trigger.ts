import { defineBenchmark } from '../../benchmark.js';
import { publishedAnswering } from '../common-rules.js';
import { triggerRules } from './rules.js';

/** Whether a model knows when to speak, whatever it says. */
export const trigger = defineBenchmark({
  name: 'trigger',
  aliases: [],
  title: 'Trigger (when to speak)',
  measures: 'when to speak: ROC-AUC and PR-AUC of the speaking score, timing F1 of the replies',
  annotationFile: 'magqa.json',
  // The scores of frames would do without speaking, but the timing of replies would not.
  session: { speaks: true, recommendedAs: ['magqa'], published: publishedAnswering },
  rules: triggerRules,
  rulesWhenLimited: () => ({ missing: 'skip' }),
  open: async (request) => (await import('./trigger-scorer.js')).openTrigger(request),
});
