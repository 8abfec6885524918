import type { DuetView, TimeSpan } from '../state/view.js';

/**
 * How replies at these times meet what the annotations of the video say is due: replies within a span, and
 * spans with a reply. Null where there are no annotations for what was asked.
 */
export function inSpan(view: RunView, times: readonly number[]): InSpan | null {
  const spans = spansOf(view);
  if (spans.length === 0) return null;
  const isIn = ({ from, to }: TimeSpan, time: number): boolean => from <= time && time <= to;
  return {
    replies: times.filter((time) => spans.some((span) => isIn(span, time))).length,
    spans: spans.filter((span) => times.some((time) => isIn(span, time))).length,
    allSpans: spans.length,
  };
}

/** Counts of what was met. */
interface InSpan {
  /** Replies within a span. */
  readonly replies: number;
  /** Spans with a reply within. */
  readonly spans: number;
  readonly allSpans: number;
}

type RunView = Pick<DuetView, 'video' | 'turns' | 'frames'>;

/**
 * The spans that have begun, for the newest question that is annotated; where nothing was asked, for the
 * first.
 */
function spansOf(view: RunView): readonly TimeSpan[] {
  const last = view.frames.at(-1)?.video_time ?? 0;
  return annotatedSpans(view).filter(({ from }) => from <= last);
}

function annotatedSpans({ video, turns }: RunView): readonly TimeSpan[] {
  const annotated = video?.annotated ?? [];
  const asked = turns.flatMap((turn) =>
    turn.type === 'question' && turn.videoTime !== null ? [turn.text] : [],
  );
  if (asked.length === 0) return annotated[0]?.spans ?? [];
  return annotated.findLast(({ question }) => asked.includes(question))?.spans ?? [];
}
