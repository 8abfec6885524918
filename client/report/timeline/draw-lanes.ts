import { timeText, shortNumber } from '../figure-text.js';
import { draw } from '../../common/element.js';
import type { GoldBar, LaneLayout, SaidMark } from './lane-layout.js';

/** Gold spans as bars with their texts, cut off where a bar ends. */
export function drawGold({ bars, barHeight }: LaneLayout): SVGElement {
  return draw('g', { class: 'gold', children: bars.map((bar) => goldBar(bar, barHeight)) });
}

function goldBar({ x, y, width, text, label }: GoldBar, height: number): SVGElement {
  const words = draw('text', { text, attributes: { x: 6, y: height / 2, dy: '0.34em' } });
  // An inner drawing cuts off what lies beyond it.
  const window = draw('svg', {
    attributes: { x: label.x, y, width: label.width, height },
    children: [words],
  });
  return draw('g', {
    children: [draw('title', { text }), draw('rect', { attributes: { x, y, width, height, rx: 4 } }), window],
  });
}

/** Questions and replies as marks, each with a hair line down through the score tracks. */
export function drawSaid({ marks }: LaneLayout, bottom: number): SVGElement {
  const lines = marks.map(({ kind, x, y }) =>
    draw('line', { class: `hair ${kind}`, attributes: { x1: x, x2: x, y1: y, y2: bottom } }),
  );
  return draw('g', { class: 'said', children: [...lines, ...marks.map(saidMark)] });
}

function saidMark(mark: SaidMark): SVGElement {
  const { kind, x, y, rating } = mark;
  const known = kind === 'question' ? '?' : rating === null ? '' : shortNumber(rating);
  return draw('g', {
    class: `mark ${kind}${kind === 'reply' && rating === null ? ' unrated' : ''}`,
    children: [
      draw('title', { text: titleOf(mark) }),
      ...delivery(mark),
      draw('circle', { attributes: { cx: x, cy: y, r: known === '' ? 7 : 9 } }),
      draw('text', { text: known, attributes: { x, y, dy: '0.35em', 'text-anchor': 'middle' } }),
    ],
  });
}

/** A line to the moment at which a viewer had the reply. */
function delivery({ x, y, deliveryX }: SaidMark): SVGElement[] {
  if (deliveryX === null) return [];
  return [
    draw('line', { class: 'delivery', attributes: { x1: x, x2: deliveryX, y1: y, y2: y } }),
    draw('line', { class: 'delivery', attributes: { x1: deliveryX, x2: deliveryX, y1: y - 6, y2: y + 6 } }),
  ];
}

function titleOf({ kind, time, rating, text }: SaidMark): string {
  const rated =
    kind === 'question' ? 'question' : rating === null ? 'not rated' : `rated ${shortNumber(rating)}`;
  return `${timeText(time)}, ${rated}: ${text}`;
}
