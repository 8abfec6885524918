import { isSaid, type DuetView, type FrameTrace, type ShownTurn } from '../state/view.js';

/** One value per frame; null if there is none. */
type Column = readonly (number | null)[];

/** The columns of the plot, all of one length; times are seconds on the media clock. */
export interface PlotColumns {
  readonly times: readonly number[];
  readonly informative: Column;
  readonly relevance: Column;
  /** Sum of the enabled heads. */
  readonly score: Column;
  /** Running sum since the last reply, where the policy keeps one. */
  readonly sum: Column;
  /** What the score was compared with; null where the sum was compared. */
  readonly scoreThreshold: Column;
  /** What the running sum was compared with. */
  readonly sumThreshold: Column;
}

/** Something said, to be marked on the plot. */
export interface PlotMark {
  readonly type: 'question' | 'reply';
  readonly key: string;
  readonly videoTime: number;
}

/** A stretch of the media clock in seconds. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** Longest stretch shown while a video runs; a longer video scrolls. */
const longestWindow = 600;
/** Stretch shown of a video without an end. */
const liveWindow = 60;

/** The frames as columns. */
export function plotColumns(frames: readonly FrameTrace[]): PlotColumns {
  return {
    times: frames.map((frame) => frame.video_time),
    informative: frames.map((frame) => frame.informative_score),
    relevance: frames.map((frame) => frame.relevance_score),
    score: frames.map((frame) => frame.score),
    sum: frames.map((frame) => frame.running_sum),
    scoreThreshold: frames.map((frame) => (frame.running_sum === null ? frame.threshold : null)),
    sumThreshold: frames.map((frame) => (frame.running_sum === null ? null : frame.threshold)),
  };
}

/** Replies and inserted questions, in the order of the conversation. */
export function plotMarks(turns: readonly ShownTurn[]): readonly PlotMark[] {
  return turns.flatMap((turn) => {
    if (!isSaid(turn) || turn.videoTime === null) return [];
    return [{ type: turn.type, key: turn.key, videoTime: turn.videoTime }];
  });
}

/** Whether two lists of marks look alike. */
export function sameMarks(one: readonly PlotMark[], other: readonly PlotMark[]): boolean {
  return (
    one.length === other.length &&
    one.every(({ key, videoTime }, at) => other[at]?.key === key && other[at].videoTime === videoTime)
  );
}

/** The stretch of time to show: the whole of a video that is not too long, else what came last. */
export function visibleRange(view: Pick<DuetView, 'source' | 'frames' | 'phase'>): TimeRange {
  const last = view.frames.at(-1)?.video_time ?? 0;
  const first = view.frames[0]?.video_time ?? 0;
  const duration = view.source?.info.duration ?? null;
  if (duration !== null && duration <= longestWindow) return { from: 0, to: Math.max(duration, last, 1) };
  if (view.phase === 'ended') return { from: first, to: Math.max(last, first + 1) };
  const window = duration === null ? liveWindow : longestWindow;
  return { from: Math.max(0, last - window), to: Math.max(window, last) };
}

/** Upper end of the axis of the scores: 1 for one head, 2 for two, more only where a value is beyond. */
export function scoreCeiling(columns: PlotColumns, heads: number): number {
  return Math.max(heads, largest(columns.scoreThreshold), largest(columns.score));
}

/** Upper end of the axis of the running sum: the threshold stays in sight. */
export function sumCeiling(columns: PlotColumns): number {
  return 1.15 * Math.max(1, largest(columns.sum), largest(columns.sumThreshold));
}

/** Index of the frame nearest to a time; null without frames. `times` must ascend. */
export function nearestIndex(times: readonly number[], videoTime: number): number | null {
  let low = 0;
  let high = times.length - 1;
  if (high < 0) return null;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) <= videoTime) low = middle;
    else high = middle;
  }
  const distance = (index: number): number => Math.abs((times[index] ?? 0) - videoTime);
  return distance(high) < distance(low) ? high : low;
}

function largest(column: Column): number {
  return column.reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
}
