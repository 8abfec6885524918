import type { Span } from '../../data/span.js';
import type { Mode } from '../../mode.js';

/** Two-second clips that annotators found relevant, with their three ratings 0..4 each. */
export interface SalientClips {
  readonly relevantClipIds: readonly number[];
  readonly saliencyScores: readonly (readonly number[])[];
}

/** The best rating, from which on a clip counts as part of a span. */
const topRating = 4;

/**
 * Spans, in seconds, of the clips some annotator gave the best rating. `strict` closes a span at a gap
 * between clips and keeps where it began; `compat` forgets the beginning of every span but the last.
 */
export function highlightSpans(clips: SalientClips, mode: Mode): Span[] {
  return mode === 'compat' ? compatSpans(clips) : strictSpans(clips);
}

function compatSpans({ relevantClipIds, saliencyScores }: SalientClips): Span[] {
  const spans: Span[] = [];
  let open: number | null = null;
  for (const [index, clip] of relevantClipIds.entries()) {
    if (isTop(saliencyScores[index])) open ??= clip;
    else if (open !== null) {
      spans.push([2 * clip, 2 * clip]);
      open = null;
    }
  }
  const last = relevantClipIds.at(-1);
  if (open !== null && last !== undefined) spans.push([2 * open, 2 * last + 2]);
  return spans;
}

function strictSpans({ relevantClipIds, saliencyScores }: SalientClips): Span[] {
  const top = relevantClipIds.filter((_, index) => isTop(saliencyScores[index]));
  const spans: [number, number][] = [];
  for (const clip of top.sort((a, b) => a - b)) {
    const last = spans.at(-1);
    if (last?.[1] === 2 * clip) last[1] = 2 * clip + 2;
    else spans.push([2 * clip, 2 * clip + 2]);
  }
  return spans;
}

function isTop(ratings: readonly number[] | undefined): boolean {
  return ratings !== undefined && Math.max(...ratings) >= topRating;
}
