import { z } from 'zod';
import { missingRule } from '../common-rules.js';

/** By which rules OVO-Bench is scored. */
export const ovoRules = z.strictObject({ missing: missingRule });

/** {@link ovoRules}. */
export type OvoRules = z.output<typeof ovoRules>;
