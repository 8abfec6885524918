import type { Span } from '../../data/span.js';

/** A caption and the stretch of video it is about. */
export interface Caption {
  /** Seconds; may be reversed where the text said so. */
  readonly span: Span;
  readonly text: string;
}
