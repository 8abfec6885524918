import { z } from 'zod';

/** By which rules MAGQA is scored. */
export const magqaRules = z.strictObject({
  numExamples: z.int().min(0).max(1_000_000).optional().meta({
    value: 'n',
    description: 'size of the test split (default: 2000 in compat, else the annotated questions)',
  }),
  pad: z.boolean().default(true).meta({
    description: 'leave missing examples out instead of counting them as 1',
  }),
  allMatch: z.boolean().default(true).meta({
    description: 'replies without a time count within no span',
  }),
  concat: z.boolean().default(false).meta({
    description: 'judge the replies of an example as one',
    filesOnly: true,
  }),
});

/** {@link magqaRules}. */
export type MagqaRules = z.output<typeof magqaRules>;
