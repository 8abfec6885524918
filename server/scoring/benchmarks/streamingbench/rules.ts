import { z } from 'zod';
import { missingRule } from '../common-rules.js';
import { publishedTolerance } from './proactive-output.js';

/** By which rules StreamingBench is scored. */
export const streamingRules = z.strictObject({
  tolerance: z.number().min(0).max(3600).default(publishedTolerance).meta({
    value: 'seconds',
    description: 'how far from its moment a proactive output may be',
  }),
  missing: missingRule,
});

/** {@link streamingRules}. */
export type StreamingRules = z.output<typeof streamingRules>;
