import { z } from 'zod';
import { missingRule, protocolRule, windowRule } from '../common-rules.js';

/** By which rules temporal grounding is scored. */
export const groundingRules = z.strictObject({
  protocol: protocolRule,
  longestRun: z.boolean().default(false).meta({ description: 'keep only the longest run of frames' }),
  missing: missingRule,
  window: windowRule,
  threshold: z.number().min(0.3).max(0.7).optional().meta({
    value: 'score',
    description: 'threshold to report',
  }),
});

/** {@link groundingRules}. */
export type GroundingRules = z.output<typeof groundingRules>;
