import { z } from 'zod';
import { missingRule, protocolRule, windowRule } from '../common-rules.js';

/** By which rules highlights are scored. */
export const highlightRules = z.strictObject({
  protocol: protocolRule,
  missing: missingRule,
  window: windowRule,
});

/** {@link highlightRules}. */
export type HighlightRules = z.output<typeof highlightRules>;
