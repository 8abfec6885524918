import { z } from 'zod';
import { missingRule } from '../common-rules.js';
import { timingTolerance } from './timing-f1.js';

/** By which rules it is scored when a model speaks. */
export const triggerRules = z.strictObject({
  score: z.enum(['informative', 'relevance', 'sum']).default('sum').meta({
    value: 'name',
    description: 'the speaking score: one head, or both added up',
  }),
  decisionThreshold: z.number().min(0).max(2).default(0.5).meta({
    value: 'score',
    description: 'a score above it is to speak, where figures need a decision',
  }),
  tolerance: z.number().min(0).max(3600).default(timingTolerance).meta({
    value: 'seconds',
    description: 'how far from its moment a reply may be for timing F1',
  }),
  missing: missingRule,
});

/** {@link triggerRules}. */
export type TriggerRules = z.output<typeof triggerRules>;
