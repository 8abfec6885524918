import type { Mode } from '../../scoring/mode.js';
import type { JudgeFlags } from './judge-flags.js';

/** Flags of `duet judge <task>`. */
export interface JudgeFilesFlags extends JudgeFlags {
  readonly mode: Mode;
  readonly pred: string;
  readonly gold: string;
  readonly output: string;
  readonly skipUnknown?: true;
  readonly concat?: true;
  readonly record?: string;
  /** Whether cases that the recording says were refused are not asked about again. */
  readonly keepRefusals?: true;
  readonly json?: true;
}
