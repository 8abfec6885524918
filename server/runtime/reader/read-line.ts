import type { Box } from '../detector/detection.js';

/** A line of text that was read in a picture. */
export interface ReadLine {
  /** As it was read, without control characters. */
  readonly text: string;
  /** Mean probability of its characters, from 0 to 1. */
  readonly confidence: number;
  /** The upright box around it, in shares of the picture. */
  readonly box: Box;
  /** What it looks like, in a few numbers: by it a line that has not changed is known again. */
  readonly look: Uint8Array;
}
