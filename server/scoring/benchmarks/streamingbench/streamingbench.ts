import { defineBenchmark } from '../../benchmark.js';
import { publishedAnswering } from '../common-rules.js';
import { streamingRules } from './rules.js';

/** StreamingBench: multiple choice in mid-stream, and outputs that are due at a moment yet to come. */
export const streamingBench = defineBenchmark({
  name: 'streamingbench',
  aliases: [],
  title: 'StreamingBench',
  measures: 'multiple choice in mid-stream, and outputs that are due later: accuracy, in time and in content',
  annotationFile: 'streamingbench.json',
  readQuestions: async (file) => (await import('./streaming-annotations.js')).readStreamingQuestions(file),
  // Nothing was published for models that speak by themselves; these are the settings of answering questions.
  session: { speaks: true, recommendedAs: ['magqa'], published: publishedAnswering },
  rules: streamingRules,
  rulesWhenLimited: () => ({ missing: 'skip' }),
  open: async (request) => (await import('./streaming-scorer.js')).openStreamingBench(request),
});
