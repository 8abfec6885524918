import { spanHolds, type Span } from './span.js';

/** When a system spoke, compared with when it should have. */
export interface ReplyTiming {
  readonly nReplies: number;
  /** Replies outside every gold span. */
  readonly nOutOfSpan: number;
  /** Seconds from the start of a gold span to the first reply in it, for spans with a reply. */
  readonly firstReplyLatencies: readonly number[];
  /** Gold spans without a reply. */
  readonly nUnanswered: number;
}

/** Compares reply times, in seconds, with gold spans, both ends included. */
export function replyTiming(spans: readonly Span[], times: readonly number[]): ReplyTiming {
  const latencies = spans.flatMap((span) => {
    const inside = times.filter((time) => spanHolds(span, time));
    return inside.length === 0 ? [] : [Math.min(...inside) - span[0]];
  });
  return {
    nReplies: times.length,
    nOutOfSpan: times.filter((time) => !spans.some((span) => spanHolds(span, time))).length,
    firstReplyLatencies: latencies,
    nUnanswered: spans.length - latencies.length,
  };
}

/** The sum of several timings. */
export function addTimings(timings: readonly ReplyTiming[]): ReplyTiming {
  let nReplies = 0;
  let nOutOfSpan = 0;
  let nUnanswered = 0;
  for (const timing of timings) {
    nReplies += timing.nReplies;
    nOutOfSpan += timing.nOutOfSpan;
    nUnanswered += timing.nUnanswered;
  }
  const firstReplyLatencies = timings.flatMap((timing) => timing.firstReplyLatencies);
  return { nReplies, nOutOfSpan, nUnanswered, firstReplyLatencies };
}
