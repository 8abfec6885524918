import { z } from 'zod';
import type { Mode } from '../../mode.js';

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

/** How MAGQA is scored. */
export interface MagqaOptions {
  readonly mode: Mode;
  /**
   * How many examples the test split has: so many lines are used, and so many entries padding makes. Null
   * leaves it to the mode: 2000 in `compat`, the number of annotated questions in `strict`.
   */
  readonly numExamples: number | null;
  /** Whether a reply without a time counts within every span. */
  readonly allMatch: boolean;
  /** Whether missing examples score 1 with no turns, rather than nothing. */
  readonly pad: boolean;
  /** Whether the replies of an example are joined and judged as one. */
  readonly concat: boolean;
  /** How to treat predictions for questions without an annotation. */
  readonly unknown: 'fail' | 'skip';
  /** How many examples may wait for the judge at once. */
  readonly concurrency: number;
}

/** The published settings, in the recommended mode. */
export const defaultMagqaOptions: MagqaOptions = {
  mode: 'strict',
  numExamples: null,
  allMatch: true,
  pad: true,
  concat: false,
  unknown: 'fail',
  concurrency: 1,
};
