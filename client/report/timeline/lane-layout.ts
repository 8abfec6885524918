import type { PageExample, PageReply } from '../../../server/scoring/report/html/page-data.js';
import { gutter, type TimeScale } from './time-scale.js';

/** Places gold spans in lanes above those of questions and replies, so that nothing overlaps. */
export function layLanes(example: PageExample, scale: TimeScale): LaneLayout {
  const bars = goldBars(example, scale);
  const goldLanes = packLanes(bars.map(barExtent), mostGoldLanes);
  const saidTop = top + lanesUsed(goldLanes) * barRoom + 4;
  const marks = saidMarks(example, scale);
  const saidLanes = packLanes(marks.map(markExtent), mostSaidLanes);
  return {
    bars: bars.map((bar, index) => ({ ...bar, y: top + (goldLanes[index] ?? 0) * barRoom })),
    marks: marks.map((mark, index) => ({ ...mark, y: saidTop + ((saidLanes[index] ?? 0) + 0.5) * markRoom })),
    barHeight,
    goldTop: top,
    saidTop,
    height: saidTop + Math.max(1, lanesUsed(saidLanes)) * markRoom + 4,
  };
}

/** A gold span as a bar; pixels. */
export interface GoldBar {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly text: string;
  readonly label: BarLabel;
}

/** Where the text of a bar begins and how much room it has; beside a bar that is too short for it. */
interface BarLabel {
  readonly x: number;
  readonly width: number;
}

/** A question or a reply as a mark; pixels. */
export interface SaidMark {
  readonly kind: 'question' | 'reply';
  readonly x: number;
  readonly y: number;
  /** Where the reply was delivered; null where that is not known. */
  readonly deliveryX: number | null;
  readonly rating: number | null;
  readonly time: number;
  readonly text: string;
}

/** Where everything is; pixels from the top. */
export interface LaneLayout {
  readonly bars: readonly GoldBar[];
  readonly marks: readonly SaidMark[];
  readonly barHeight: number;
  readonly goldTop: number;
  readonly saidTop: number;
  /** Height of the lanes of bars and marks together. */
  readonly height: number;
}

const barHeight = 20;
const barRoom = 24;
const markRoom = 24;
const mostGoldLanes = 8;
const mostSaidLanes = 4;
const markRadius = 10;
const top = 6;
/** Pixels of a character, of the longest text beside a bar, and of a bar that holds a text cut off. */
const characterWidth = 6.4;
const longestLabel = 340;
const roomyBar = 180;
const labelPadding = 6;

function lanesUsed(lanes: readonly number[]): number {
  return Math.max(-1, ...lanes) + 1;
}

function markExtent({ x, deliveryX }: SaidMark): Extent {
  return { from: x - markRadius, to: Math.max(x + markRadius, (deliveryX ?? 0) + 4) + 1 };
}

function goldBars({ gold }: PageExample, scale: TimeScale): GoldBar[] {
  return gold.flatMap(([start, end, text]) => {
    if (start > end) return [];
    const x = scale.x(start);
    const width = Math.max(3, scale.x(end) - x);
    return [{ x, y: 0, width, text, label: barLabel(text, x, width, scale.width) }];
  });
}

/** Within the bar where the text fits or the bar is long; else on the side that has more room. */
function barLabel(text: string, x: number, width: number, total: number): BarLabel {
  const wanted = Math.min(longestLabel, text.length * characterWidth + 2 * labelPadding);
  if (width >= Math.min(wanted, roomyBar)) return { x, width };
  const after = total - (x + width);
  return after >= Math.min(wanted, x - gutter.left)
    ? { x: x + width, width: Math.min(wanted, after) }
    : { x: Math.max(gutter.left, x - wanted), width: Math.min(wanted, x - gutter.left) };
}

function barExtent({ x, width, label }: GoldBar): Extent {
  return { from: Math.min(x, label.x), to: Math.max(x + width, label.x + label.width) + 2 };
}

function saidMarks({ questions, replies, texts }: PageExample, scale: TimeScale): SaidMark[] {
  const asked = questions.map(([time, text]): SaidMark => {
    return { kind: 'question', x: scale.x(time), y: 0, deliveryX: null, rating: null, time, text };
  });
  const said = replies.flatMap(([time, text, rating, delivery]: PageReply): SaidMark[] => {
    if (time === null) return [];
    const deliveryX = delivery === null ? null : scale.x(delivery);
    return [{ kind: 'reply', x: scale.x(time), y: 0, deliveryX, rating, time, text: texts[text] ?? '' }];
  });
  return [...asked, ...said];
}

/**
 * A lane for every extent, from 0: the first in which it touches nothing. When all lanes are taken the last
 * is shared, so that the drawing does not grow without bound.
 */
export function packLanes(extents: readonly Extent[], mostLanes: number): readonly number[] {
  const order = extents.map((_, index) => index).sort((a, b) => from(extents, a) - from(extents, b));
  const ends: number[] = [];
  const lanes = extents.map(() => 0);
  for (const index of order) {
    const free = ends.findIndex((end) => end <= from(extents, index));
    const lane = free === -1 ? Math.min(ends.length, mostLanes - 1) : free;
    lanes[index] = lane;
    ends[lane] = Math.max(ends[lane] ?? -Infinity, extents[index]?.to ?? 0);
  }
  return lanes;
}

function from(extents: readonly Extent[], index: number): number {
  return extents[index]?.from ?? 0;
}

/** Something that takes room from one end to the other. */
interface Extent {
  readonly from: number;
  readonly to: number;
}
