import { defineBenchmark } from '../../benchmark.js';
import { publishedAnswering } from '../common-rules.js';
import { ovoRules } from './rules.js';

/** OVO-Bench: questions asked at a moment of a running video, about what was, is and comes. */
export const ovoBench = defineBenchmark({
  name: 'ovo-bench',
  aliases: ['ovo'],
  title: 'OVO-Bench',
  measures: 'questions about what was, is and comes: accuracy',
  annotationFile: 'ovo-bench.json',
  readQuestions: async (file) => (await import('./ovo-annotations.js')).readOvoQuestions(file),
  // Nothing was published for models that speak by themselves; these are the settings of answering questions.
  session: { speaks: true, recommendedAs: ['magqa'], published: publishedAnswering },
  rules: ovoRules,
  rulesWhenLimited: () => ({ missing: 'skip' }),
  open: async (request) => (await import('./ovo-scorer.js')).openOvoBench(request),
});
