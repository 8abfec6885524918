import { defineBenchmark } from '../../benchmark.js';
import { publishedAnswering } from '../common-rules.js';
import { proactiveRules } from './rules.js';

/** Proactive answering, as on ProactiveVideoQA. */
export const proactive = defineBenchmark({
  name: 'proactive',
  aliases: ['pauc'],
  title: 'Proactive answering (PAUC)',
  measures: 'proactive answering: PAUC, repetition, latency',
  annotationFile: 'proactive.json',
  // Nothing was published for it; these are the settings of answering questions.
  session: { speaks: true, recommendedAs: ['proactive', 'magqa'], published: publishedAnswering },
  judging: {
    task: 'pauc',
    rubric: 'coverage',
    rates: 'proactive answering: coverage 1..3 of every gold answer by what was said so far',
  },
  rules: proactiveRules,
  rulesWhenLimited: () => ({ missing: 'skip' }),
  open: async (request) => (await import('./proactive-scorer.js')).openProactive(request),
});
