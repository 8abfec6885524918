import { defineBenchmark } from '../../benchmark.js';
import { publishedAnswering } from '../common-rules.js';
import { magqaRules } from './rules.js';

/** MAGQA: multi-answer grounded question answering. */
export const magqa = defineBenchmark({
  name: 'magqa',
  aliases: [],
  title: 'MAGQA',
  measures: 'multi-answer grounded question answering: in-span score',
  annotationFile: 'magqa.json',
  session: { speaks: true, recommendedAs: ['magqa'], published: publishedAnswering },
  judging: {
    task: 'magqa',
    rubric: 'agreement',
    rates:
      'multi-answer grounded question answering: agreement 1..5 of every reply in the span of a gold answer',
  },
  rules: magqaRules,
  rulesWhenLimited: (nAnswered) => ({ numExamples: nAnswered }),
  // Imported only when needed, as in the other benchmarks, so that help does not load the scorers.
  open: async (request) => (await import('./magqa-scorer.js')).openMagqa(request),
  scoreJudgedFile: async (file, request) =>
    (await import('./magqa-scorer.js')).scoreMagqaJudged(file, request),
});
