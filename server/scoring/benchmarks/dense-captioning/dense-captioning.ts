import { defineBenchmark } from '../../benchmark.js';
import { captionRules } from './rules.js';

/** Dense captioning, as on YouCook2. */
export const denseCaptioning = defineBenchmark({
  name: 'dense-captioning',
  aliases: ['youcook2', 'densecap'],
  title: 'YouCook2 dense captioning',
  measures: 'dense captioning: SODA_c, CIDEr, METEOR, F1',
  annotationFile: 'captions.json',
  session: {
    speaks: true,
    recommendedAs: ['captions'],
    published: {
      fps: 0.5,
      maxFrames: 200,
      heads: ['informative'],
      policy: { type: 'sum', threshold: 2 },
      assistantTurns: 'remove',
      cooldown: 0,
    },
  },
  rules: captionRules,
  rulesWhenLimited: () => ({ missing: 'skip' }),
  open: async (request) => (await import('./captions-scorer.js')).openCaptions(request),
});
