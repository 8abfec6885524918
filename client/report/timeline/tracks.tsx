import type { PageExample } from '../../../server/scoring/report/html/page-data.js';
import type { Tracks } from '../decode-frames.js';
import { shortNumber, shortTimeText } from '../figure-text.js';
import { gutter, ticks, type TimeScale } from './time-scale.js';

/** Where the tracks are; pixels from the top. */
export interface TrackPlace {
  readonly top: number;
  readonly height: number;
}

interface ScoreTracksProps {
  readonly tracks: Tracks;
  readonly gold: PageExample['gold'];
  readonly scale: TimeScale;
  readonly place: TrackPlace;
}

/** The scores of both heads as lines over the gold spans, with their axis. */
export function ScoreTracks({ tracks, gold, scale, place }: ScoreTracksProps) {
  const { low, high, times } = tracks;
  const y = (score: number): number =>
    place.top + place.height - ((score - low) / (high - low)) * place.height;
  const line = (name: 'informative' | 'relevance') => (
    <path class={`track ${name}`} d={brokenLine(times.map(scale.x), tracks[name], y)} />
  );
  return (
    <g class="tracks">
      {gold
        .filter(([start, end]) => start <= end)
        .map(([start, end], index) => {
          const width = Math.max(1, scale.x(end) - scale.x(start));
          return (
            <rect
              key={index}
              class="band"
              x={scale.x(start)}
              y={place.top}
              width={width}
              height={place.height}
            />
          );
        })}
      {[low, (low + high) / 2, high].map((score) => (
        <ScoreLine key={score} score={score} y={y(score)} right={scale.width - gutter.right} />
      ))}
      {line('informative')}
      {line('relevance')}
    </g>
  );
}

interface ScoreLineProps {
  readonly score: number;
  readonly y: number;
  readonly right: number;
}

function ScoreLine({ score, y, right }: ScoreLineProps) {
  return (
    <>
      <line class="grid" x1={gutter.left} x2={right} y1={y} y2={y} />
      <text x={gutter.left - 8} y={y} dy="0.32em" text-anchor="end">
        {shortNumber(score)}
      </text>
    </>
  );
}

interface ClockProps {
  readonly scale: TimeScale;
  /** Pixels from the top between which its lines run; the times stand below. */
  readonly top: number;
  readonly bottom: number;
}

/** The clock below a drawing. */
export function Clock({ scale, top, bottom }: ClockProps) {
  return (
    <g class="clock">
      {ticks(scale).map((time) => (
        <g key={time}>
          <line class="grid" x1={scale.x(time)} x2={scale.x(time)} y1={top} y2={bottom} />
          <text x={scale.x(time)} y={bottom + 16} text-anchor="middle">
            {shortTimeText(time)}
          </text>
        </g>
      ))}
    </g>
  );
}

/** A line that is broken where a frame has no score. */
function brokenLine(
  xs: readonly number[],
  scores: readonly (number | null)[],
  y: (score: number) => number,
): string {
  let path = '';
  let open = false;
  for (const [index, score] of scores.entries()) {
    if (score !== null) path += `${open ? 'L' : 'M'}${(xs[index] ?? 0).toFixed(1)} ${y(score).toFixed(1)}`;
    open = score !== null;
  }
  return path;
}
