import { z } from 'zod';
import { missingRule } from '../common-rules.js';

/** By which rules dense captions are scored. */
export const captionRules = z.strictObject({
  missing: missingRule,
  meteor: z.enum(['exact', 'stem']).default('stem').meta({
    value: 'tier',
    description: 'matching of METEOR',
  }),
  wordnet: z.string().optional().meta({
    value: 'dir',
    description: 'WordNet 3 dictionary folder: METEOR matches synonyms too',
  }),
  captionFormat: z.enum(['percent', 'seconds']).optional().meta({
    value: 'name',
    description: 'times in text answers',
    filesOnly: true,
  }),
});

/** {@link captionRules}. */
export type CaptionRules = z.output<typeof captionRules>;
