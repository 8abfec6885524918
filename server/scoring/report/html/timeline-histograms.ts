import { spanHolds, type Span } from '../../data/span.js';
import { replyTiming } from '../../data/reply-timing.js';
import { FixedHistogram, GrowingHistogram } from './histograms.js';
import type { Bins } from './page-data.js';
import type { ExampleTimeline } from './report-page.js';

/** Counts over all timelines, one after the other, in memory that does not grow with their number. */
export class TimelineHistograms {
  readonly #informative = sides();
  readonly #relevance = sides();
  readonly #firstReply = new GrowingHistogram(latencyWidth);
  readonly #delivery = new GrowingHistogram(latencyWidth);

  add({ gold, frames, replies }: ExampleTimeline): void {
    const spans = gold.map((turn) => turn.span);
    for (const { time, informative, relevance } of frames) {
      const side = spans.some((span) => spanHolds(span, time)) ? 'inside' : 'outside';
      if (informative !== null) this.#informative[side].add(informative);
      if (relevance !== null) this.#relevance[side].add(relevance);
    }
    this.#addReplies(spans, replies);
  }

  informative(): SideBins {
    return { inside: this.#informative.inside.bins(), outside: this.#informative.outside.bins() };
  }

  relevance(): SideBins {
    return { inside: this.#relevance.inside.bins(), outside: this.#relevance.outside.bins() };
  }

  /** Seconds from the start of a gold span to the first reply in it. */
  firstReply(): Bins {
    return this.#firstReply.bins();
  }

  /** Seconds from the frame a reply belongs to until a viewer had the whole of it. */
  delivery(): Bins {
    return this.#delivery.bins();
  }

  #addReplies(spans: readonly Span[], replies: ExampleTimeline['replies']): void {
    const times = replies.map((reply) => reply.time).filter((time) => time >= 0);
    for (const latency of replyTiming(spans, times).firstReplyLatencies) this.#firstReply.add(latency);
    for (const { time, deliveryTime } of replies) {
      if (deliveryTime !== null && time >= 0) this.#delivery.add(deliveryTime - time);
    }
  }
}

/** Bins of a score, which is a probability. */
const scoreBins = 25;
/** Width of the narrowest bins of a latency in seconds. */
const latencyWidth = 0.25;

/** A head's scores of the frames within a gold span and of all others. */
interface Sides {
  readonly inside: FixedHistogram;
  readonly outside: FixedHistogram;
}

/** The counts of a head's scores. */
export interface SideBins {
  readonly inside: Bins;
  readonly outside: Bins;
}

function sides(): Sides {
  return { inside: new FixedHistogram(0, 1, scoreBins), outside: new FixedHistogram(0, 1, scoreBins) };
}
