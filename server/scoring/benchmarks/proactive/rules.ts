import { z } from 'zod';
import { missingRule } from '../common-rules.js';

/** By which rules proactive answers are scored. */
export const proactiveRules = z.strictObject({
  missing: missingRule,
  omega: z.number().min(0).max(1).default(0.5).meta({
    value: 'share',
    description: '0 takes timing fully into account, 1 not at all',
  }),
});

/** {@link proactiveRules}. */
export type ProactiveRules = z.output<typeof proactiveRules>;
