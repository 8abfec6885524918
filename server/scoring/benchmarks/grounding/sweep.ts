import type { PredictedFrame } from '../../data/prediction.js';
import { spanHolds, type Span } from '../../data/span.js';
import type { Mode, Protocol } from '../../mode.js';
import { smoothCentred, smoothTrailing } from '../../statistics/smooth.js';
import { ioUOfLongestRuns, ioUPerThreshold } from './mask-iou.js';
import { smoothingWindows, thresholdGrid } from './threshold-grid.js';

/** What decides the frames of one example. */
export interface SweepRules {
  readonly mode: Mode;
  /**
   * `offline` smooths over earlier and later frames and scales by the track's extremes; `live` smooths over
   * earlier frames only and compares what comes out as it is.
   */
  readonly protocol: Protocol;
  /** Whether only the longest run of frames is kept. */
  readonly longestRun: boolean;
}

/** The IoU of one example for every smoothing window and threshold. */
export interface ExampleSweep {
  /** One row per window, one value per threshold of the grid. */
  readonly values: readonly Float64Array[];
  /** Whether the unsmoothed track is too even to be scaled. */
  readonly flat: boolean;
}

/** IoU of one example over all windows and thresholds. A frame without a relevance score counts as 0. */
export function sweepExample(
  frames: readonly PredictedFrame[],
  spans: readonly Span[],
  rules: SweepRules,
): ExampleSweep {
  const relevance = Float64Array.from(frames, (frame) => frame.relevance ?? 0);
  const gold = goldMask(frames, spans);
  const ioU = rules.longestRun ? ioUOfLongestRuns : ioUPerThreshold;
  const values = smoothingWindows.map((window) => ioU(decide(relevance, window, rules), gold));
  return { values, flat: normaliseTrack(relevance, rules.mode).flat };
}

function decide(relevance: Float64Array, window: number, rules: SweepRules): Float64Array {
  switch (rules.protocol) {
    case 'offline':
      return normaliseTrack(smoothCentred(relevance, window), rules.mode).values;
    case 'live':
      return smoothTrailing(relevance, window);
  }
}

/** The sweep of an example without scores: no overlap anywhere. */
export function emptySweep(): ExampleSweep {
  return { values: smoothingWindows.map(() => new Float64Array(thresholdGrid.length)), flat: false };
}

/** Which frames lie in any of the gold spans, both ends included. */
function goldMask(frames: readonly PredictedFrame[], spans: readonly Span[]): boolean[] {
  return frames.map((frame) => spans.some((span) => spanHolds(span, frame.time)));
}

/** A track scaled to 0..1; `flat` where it is too even to be scaled. */
interface NormalisedTrack {
  readonly values: Float64Array;
  readonly flat: boolean;
}

/** Below this spread a track does not locate anything; the differences are rounding. */
const flatSpread = 1e-9;

/**
 * Scales a track by its least and greatest value. A flat track becomes all zeros in `strict`; in `compat` the
 * division is done regardless, so that a constant track is NaN and reaches no threshold.
 */
export function normaliseTrack(track: Float64Array, mode: Mode): NormalisedTrack {
  let least = Infinity;
  let greatest = -Infinity;
  for (const value of track) {
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
  }
  const spread = greatest - least;
  const flat = !(spread >= flatSpread);
  if (flat && mode === 'strict') return { values: new Float64Array(track.length), flat };
  return { values: track.map((value) => (value - least) / spread), flat };
}
