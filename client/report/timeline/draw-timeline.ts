import type { PageExample } from '../../../server/scoring/report/html/page-data.js';
import type { Tracks } from '../decode-frames.js';
import { draw } from '../../common/element.js';
import { drawGold, drawSaid } from './draw-lanes.js';
import { drawClock, drawTracks } from './draw-tracks.js';
import { layLanes } from './lane-layout.js';
import { timeScale, type TimeScale } from './time-scale.js';

const trackHeight = 120;
const clockHeight = 24;

/** A drawing of an example, and its scale of time. */
export interface Drawing {
  readonly svg: SVGSVGElement;
  readonly scale: TimeScale;
  /** Pixels from the top between which a cursor runs. */
  readonly top: number;
  readonly bottom: number;
}

/** Draws an example in so many pixels: gold spans, what was said, and the scores where there are any. */
export function drawTimeline(example: PageExample, tracks: Tracks | null, width: number): Drawing {
  const scale = timeScale(example, tracks?.times.at(-1) ?? 0, width);
  const lanes = layLanes(example, scale);
  const place = { top: lanes.height + 6, height: trackHeight };
  const bottom = tracks === null ? lanes.height : place.top + place.height;
  const height = bottom + clockHeight;
  const labels = [
    ...(lanes.bars.length === 0 ? [] : [laneLabel('gold', lanes.goldTop + lanes.barHeight / 2)]),
    laneLabel('said', lanes.saidTop + 12),
  ];
  const svg = draw('svg', {
    attributes: {
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      role: 'img',
      'aria-label': label(example),
    },
    children: [
      drawClock(scale, lanes.goldTop, bottom),
      ...(tracks === null ? [] : [drawTracks(tracks, example, scale, place)]),
      drawGold(lanes),
      drawSaid(lanes, bottom),
      ...labels,
    ],
  });
  return { svg, scale, top: lanes.goldTop, bottom };
}

function laneLabel(text: string, y: number): SVGElement {
  return draw('text', { class: 'lane-label', text, attributes: { x: 0, y, dy: '0.34em' } });
}

function label({ gold, replies, id }: PageExample): string {
  return `Timeline of ${id}: ${gold.length} gold turns and ${replies.length} replies, listed below.`;
}
