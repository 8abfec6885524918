import type { FrameScores } from '../../data/prediction.js';
import { spanHolds, type Span } from '../../data/span.js';

/** Which frames lie in any of the gold spans, both ends included. */
export function goldMask(frames: readonly FrameScores[], spans: readonly Span[]): boolean[] {
  return frames.map((frame) => spans.some((span) => spanHolds(span, frame.time)));
}
