import type { PredictedFrame } from '../../data/prediction.js';
import type { Span } from '../../data/span.js';
import type { Report } from '../report.js';

/** Everything a page shows. */
export interface ReportPage {
  readonly title: string;
  readonly report: Report;
  /** How the predictions were made: model, frames a second, policy and the other settings of the run. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly failures: readonly FailedExample[];
  readonly sweep: SweepCurve | null;
  /** Read once, one at a time. */
  readonly timelines: AsyncIterable<ExampleTimeline> | Iterable<ExampleTimeline>;
}

/** An example that could not be scored. */
export interface FailedExample {
  readonly id: string;
  readonly reason: string;
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
  readonly frames: readonly PredictedFrame[];
  /** Its value of the report's metric; null where it has none. */
  readonly value: number | null;
  readonly tags: Readonly<Record<string, string>>;
}

/** Something the system said; times are seconds on the media clock. */
export interface TimelineReply {
  /** Negative where the system gave no time. */
  readonly time: number;
  readonly content: string;
  /** Null if it was not judged, for example outside every gold span. */
  readonly rating: number | null;
  /** When a viewer had the whole reply; null if not measured. */
  readonly deliveryTime: number | null;
}

/** The figures at one threshold. */
interface SweepPoint {
  readonly threshold: number;
  /** Null where there was nothing to average; so are the turns. */
  readonly score: number | null;
  readonly turns: number | null;
  readonly turnsDedup: number | null;
  /** Whether this is the threshold that the report's figures belong to. */
  readonly chosen: boolean;
}

/** Scores over thresholds. */
export interface SweepCurve {
  readonly metric: string;
  readonly points: readonly SweepPoint[];
  /** Whether the model ran once and every point follows exactly from that run; else it ran for each. */
  readonly exact: boolean;
  /** A note on how the points were produced. */
  readonly note: string | null;
}
