import { z } from 'zod';
import { defineBenchmark } from '../../benchmark.js';
import { publishedScoring } from '../common-rules.js';
import { highlightRules } from './rules.js';
import { submissionLines } from './submission.js';

const ownFigures = z.object({ highlights: z.object({ window: z.int() }) });

/** Highlight detection, as on QVHighlights. */
export const highlights = defineBenchmark({
  name: 'highlights',
  aliases: ['qvhighlights', 'highlight'],
  title: 'QVHighlights highlight detection',
  measures: 'highlight detection: mAP and Hit@1',
  annotationFile: 'highlights.jsonl',
  session: {
    speaks: false,
    recommendedAs: ['highlights', 'grounding'],
    published: { ...publishedScoring, fps: 1 },
  },
  rules: highlightRules,
  rulesWhenLimited: () => ({ missing: 'skip' }),
  choice: {
    what: 'the window',
    // Unsmoothed, so that nothing was selected.
    fixed: { window: 0 },
    ofFigures: (variant) => {
      const figures = ownFigures.safeParse(variant).data;
      return figures === undefined ? null : { window: figures.highlights.window };
    },
  },
  extraFiles: [
    {
      name: 'submission.jsonl',
      lines: (answers, { window, protocol }) => submissionLines(answers, { window: window ?? 0, protocol }),
    },
  ],
  open: async (request) => (await import('./highlights-scorer.js')).openHighlights(request),
});
