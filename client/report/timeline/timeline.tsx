import './timeline.css';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { PageExample } from '../../../server/scoring/report/html/page-data.js';
import { decodeFrames, type Tracks } from '../decode-frames.js';
import { shortNumber, timeText } from '../figure-text.js';
import { layLanes, type LaneLayout } from './lane-layout.js';
import { GoldSpans, SaidMarks } from './lanes.js';
import { timeScale, type TimeScale } from './time-scale.js';
import { Clock, ScoreTracks, type TrackPlace } from './tracks.js';
import { useFrameCursor } from './use-frame-cursor.js';

/**
 * An example over time, as wide as there is room: gold spans, what was said, and the scores where there are
 * any, which are read out frame by frame.
 */
export function Timeline({ example }: { readonly example: PageExample }) {
  const tracks = useMemo(() => (example.frames === null ? null : decodeFrames(example.frames)), [example]);
  const stage = useRef<HTMLDivElement>(null);
  const width = useWidth(stage);
  const plan = useMemo(() => planOf(example, tracks, width), [example, tracks, width]);
  const { frame, handlers } = useFrameCursor(tracks?.times ?? [], plan.scale);
  return (
    <div class="timeline">
      {tracks !== null && <TrackLegend />}
      <div class="timeline-stage" ref={stage} {...(tracks !== null && handlers)}>
        {width > 0 && <Drawing example={example} tracks={tracks} plan={plan} frame={frame} />}
      </div>
      <p class="readout" role="status">
        {tracks === null ? withoutScores(example) : readoutOf(tracks, frame)}
      </p>
    </div>
  );
}

/** Where everything is; pixels from the top. */
interface Plan {
  readonly scale: TimeScale;
  readonly lanes: LaneLayout;
  readonly place: TrackPlace;
  /** Where the clock begins, and the end of the drawing. */
  readonly bottom: number;
  readonly height: number;
}

const trackHeight = 120;
const clockHeight = 24;

function planOf(example: PageExample, tracks: Tracks | null, width: number): Plan {
  const scale = timeScale(example, tracks?.times.at(-1) ?? 0, width);
  const lanes = layLanes(example, scale);
  const place = { top: lanes.height + 6, height: trackHeight };
  const bottom = tracks === null ? lanes.height : place.top + place.height;
  return { scale, lanes, place, bottom, height: bottom + clockHeight };
}

interface DrawingProps {
  readonly example: PageExample;
  readonly tracks: Tracks | null;
  readonly plan: Plan;
  /** Index of the frame that is pointed at. */
  readonly frame: number | null;
}

function Drawing({ example, tracks, plan, frame }: DrawingProps) {
  const { scale, lanes, place, bottom, height } = plan;
  // The pointer moves the cursor many times a second; the rest stays as it is.
  const still = useMemo(
    () => (
      <>
        <Clock scale={scale} top={lanes.goldTop} bottom={bottom} />
        {tracks !== null && <ScoreTracks tracks={tracks} gold={example.gold} scale={scale} place={place} />}
        <GoldSpans lanes={lanes} />
        <SaidMarks marks={lanes.marks} bottom={bottom} />
        {lanes.bars.length > 0 && <LaneLabel text="gold" y={lanes.goldTop + lanes.barHeight / 2} />}
        <LaneLabel text="said" y={lanes.saidTop + 12} />
      </>
    ),
    [example, tracks, plan],
  );
  const time = frame === null ? undefined : tracks?.times[frame];
  const x = time === undefined ? undefined : scale.x(time).toFixed(1);
  return (
    <svg
      width={scale.width}
      height={height}
      viewBox={`0 0 ${scale.width} ${height}`}
      role="img"
      aria-label={labelOf(example)}
    >
      {still}
      {x !== undefined && <line class="cursor" x1={x} x2={x} y1={lanes.goldTop} y2={bottom} />}
    </svg>
  );
}

function LaneLabel({ text, y }: { readonly text: string; readonly y: number }) {
  return (
    <text class="lane-label" x={0} y={y} dy="0.34em">
      {text}
    </text>
  );
}

function TrackLegend() {
  return (
    <ul class="legend" aria-hidden="true">
      {['informative', 'relevance', 'gold'].map((name) => (
        <li key={name}>
          <span class={`swatch ${name}`} />
          <span>{name}</span>
        </li>
      ))}
    </ul>
  );
}

/** Whole pixels that an element is wide; 0 before it is laid out. */
function useWidth(element: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const { current } = element;
    if (current === null) return;
    const observer = new ResizeObserver(() => {
      if (current.clientWidth > 0) setWidth(Math.floor(current.clientWidth));
    });
    observer.observe(current);
    return () => {
      observer.disconnect();
    };
  }, [element]);
  return width;
}

function labelOf({ gold, replies, id }: PageExample): string {
  return `Timeline of ${id}: ${gold.length} gold turns and ${replies.length} replies, listed below.`;
}

function withoutScores({ nFrames }: PageExample): string {
  return nFrames === 0
    ? 'No frame scores were recorded.'
    : `The scores of its ${nFrames} frames are left out to keep this page small.`;
}

function readoutOf({ times, informative, relevance }: Tracks, frame: number | null): string {
  if (frame === null) return 'Point at the tracks, or use the arrow keys, to read the scores.';
  const shown = (score: number | null | undefined): string => (score == null ? 'none' : shortNumber(score));
  const scores = `informative ${shown(informative[frame])}, relevance ${shown(relevance[frame])}`;
  return `${timeText(times[frame] ?? 0)}: ${scores}`;
}
