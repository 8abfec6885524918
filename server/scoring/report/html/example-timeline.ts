import type { FrameScores } from '../../data/prediction.js';
import type { Span } from '../../data/span.js';

/** Something the system said; times are seconds on the media clock. */
export interface TimelineReply {
  /** Negative where the system gave no time. */
  readonly time: number;
  readonly content: string;
  /** Null where nobody judged it, such as outside of every gold span. */
  readonly rating: number | null;
  /** When a viewer had the whole of it; null where that was not measured. */
  readonly deliveryTime: number | null;
}

/** What happened over the time of one example; times are seconds on the media clock. */
export interface ExampleTimeline {
  readonly id: string;
  readonly video: string;
  readonly duration: number | null;
  /** What the user said. */
  readonly conversation: readonly { readonly time: number; readonly content: string }[];
  readonly gold: readonly { readonly span: Span; readonly content: string }[];
  readonly replies: readonly TimelineReply[];
  readonly frames: readonly FrameScores[];
  /** Its value of the report's metric; null where it has none. */
  readonly value: number | null;
  readonly tags: Readonly<Record<string, string>>;
}
