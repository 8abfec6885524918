import type { PageExample } from '../../../server/scoring/report/html/page-data.js';
import { shortNumber } from '../figure-text.js';
import type { Tracks } from '../decode-frames.js';
import { draw } from '../../common/element.js';
import { gutter, tickText, ticks, type TimeScale } from './time-scale.js';

/** Where the tracks are; pixels from the top. */
export interface TrackPlace {
  readonly top: number;
  readonly height: number;
}

/** The scores of both heads as lines over the gold spans, with the axes. */
export function drawTracks(
  tracks: Tracks,
  { gold }: PageExample,
  scale: TimeScale,
  place: TrackPlace,
): SVGElement {
  const y = scoreScale(tracks, place);
  const bands = gold.flatMap(([start, end]) => (start > end ? [] : [band(start, end, scale, place)]));
  return draw('g', {
    class: 'tracks',
    children: [
      ...bands,
      ...scoreAxis(tracks, scale, y),
      line('informative', tracks.times, tracks.informative, scale, y),
      line('relevance', tracks.times, tracks.relevance, scale, y),
    ],
  });
}

/** The clock below a drawing. */
export function drawClock(scale: TimeScale, top: number, y: number): SVGElement {
  const marks = ticks(scale).flatMap((time) => {
    const x = scale.x(time);
    return [
      draw('line', { class: 'grid', attributes: { x1: x, x2: x, y1: top, y2: y } }),
      draw('text', { text: tickText(time), attributes: { x, y: y + 16, 'text-anchor': 'middle' } }),
    ];
  });
  return draw('g', { class: 'clock', children: marks });
}

/** From a score to pixels. */
export function scoreScale({ low, high }: Tracks, { top, height }: TrackPlace): (score: number) => number {
  return (score) => top + height - ((score - low) / (high - low)) * height;
}

function band(start: number, end: number, scale: TimeScale, { top, height }: TrackPlace): SVGElement {
  const x = scale.x(start);
  const width = Math.max(1, scale.x(end) - x);
  return draw('rect', { class: 'band', attributes: { x, y: top, width, height } });
}

function scoreAxis({ low, high }: Tracks, scale: TimeScale, y: (score: number) => number): SVGElement[] {
  return [low, (low + high) / 2, high].flatMap((score) => {
    const at = y(score);
    const text = { x: gutter.left - 8, y: at, dy: '0.32em', 'text-anchor': 'end' };
    return [
      draw('line', {
        class: 'grid',
        attributes: { x1: gutter.left, x2: scale.width - gutter.right, y1: at, y2: at },
      }),
      draw('text', { text: shortNumber(score), attributes: text }),
    ];
  });
}

/** A line that is broken where a frame has no score. */
function line(
  name: string,
  times: readonly number[],
  scores: readonly (number | null)[],
  scale: TimeScale,
  y: (score: number) => number,
): SVGElement {
  let path = '';
  let open = false;
  for (const [index, score] of scores.entries()) {
    if (score !== null)
      path += `${open ? 'L' : 'M'}${scale.x(times[index] ?? 0).toFixed(1)} ${y(score).toFixed(1)}`;
    open = score !== null;
  }
  return draw('path', { class: `track ${name}`, attributes: { d: path } });
}
