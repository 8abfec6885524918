/**
 * How to score: `compat` follows the published evaluation scripts down to their defects, `strict` does what
 * those scripts meant to do and counts whatever it leaves out.
 */
export type Mode = 'compat' | 'strict';
