import type { Figures } from '../figures.js';
import { curveMarks, drawMark, type CurveMark } from './curve-marks.js';
import { linearScale, linearTicks, rootScale, rootTicks, type Scale } from './scales.js';
import { element, line, text, type Svg } from './svg.js';

/** Sizes in pixels: the drawing, one panel, and the room for its numbers. */
const width = 760;
const panel = { width: 320, height: 240, top: 34, left: 48, gap: 62 };
const legendTop = panel.top + panel.height + 62;
const legendRow = 20;
/** Names in the legend that stand side by side. */
const legendColumns = 3;

/**
 * Transparent and readable on white and on black; viewers that honour the reader's colour scheme show it
 * better.
 */
const style = `text{font:12px system-ui,sans-serif;fill:#6e7781}.title{font-weight:600;font-size:13px}.grid{stroke:#8888;fill:none}
.curve{stroke:#1f6feb;stroke-width:2;fill:none}.dot{fill:#1f6feb}.mark{stroke:#b3470b;stroke-width:2;fill:none}.full{fill:#b3470b}
@media (prefers-color-scheme:light){text{fill:#333}}
@media (prefers-color-scheme:dark){text{fill:#c9d1d9}.curve{stroke:#6cb0ff}.dot{fill:#6cb0ff}.mark{stroke:#ffa366}.full{fill:#ffa366}}`;

/** One score over turns. */
interface Panel {
  readonly title: string;
  readonly name: 'in_span' | 'pauc';
  readonly left: number;
}

type Place = readonly [turns: number, score: number];

/**
 * Scores against turns per gold answer as the threshold sweeps, with what it is to be compared with, as one
 * SVG file.
 */
export function drawCurve(figures: Pick<Figures, 'threshold_curve' | 'variants' | 'silence'>): Svg {
  const marks = curveMarks(figures);
  const panels: readonly Panel[] = [
    { title: 'MAGQA in-span (1 to 5)', name: 'in_span', left: panel.left },
    { title: 'PAUC', name: 'pauc', left: panel.left + panel.width + panel.gap },
  ];
  const height = legendTop + Math.ceil((marks.length + 2) / legendColumns) * legendRow;
  const attributes = { xmlns: 'http://www.w3.org/2000/svg', viewBox: `0 0 ${width} ${height}`, role: 'img' };
  const label = 'Scores against turns per gold answer as the threshold sweeps';
  return `${element(
    'svg',
    { ...attributes, width, height, 'aria-label': label },
    element('style', {}, style),
    ...panels.map((each) => drawPanel(each, curveOf(figures, each.name), marks)),
    legend(marks),
  )}\n`;
}

function curveOf({ threshold_curve: curve }: Pick<Figures, 'threshold_curve'>, name: Panel['name']): Place[] {
  return (curve?.points ?? []).flatMap(({ turns_per_gold: turns, [name]: score }): Place[] =>
    turns === null || score === null ? [] : [[turns, score]],
  );
}

function drawPanel({ title, name, left }: Panel, curve: readonly Place[], marks: readonly CurveMark[]): Svg {
  const marked = marks.flatMap(({ shape, turns, [name]: score }) =>
    score === null ? [] : [{ shape, place: [turns, score] as const }],
  );
  const places = [...curve, ...marked.map(({ place }) => place)];
  const mostTurns = Math.max(1, ...places.map(([turns]) => turns));
  const scores = places.map(([, score]) => score);
  const [low, high] = padded(Math.min(...scores), Math.max(...scores));
  const x = rootScale(mostTurns, [left, left + panel.width]);
  const y = linearScale([low, high], [panel.top + panel.height, panel.top]);
  const at = ([turns, score]: Place) => [x(turns), y(score)] as const;
  return element(
    'g',
    {},
    text(title, { x: left, y: panel.top - 14, class: 'title' }),
    ...drawGrid(left, [x, rootTicks(mostTurns)], [y, linearTicks(low, high)]),
    line(curve.map(at), 'curve'),
    ...curve.map(at).map(([cx, cy]) => element('circle', { cx, cy, r: 2.5, class: 'dot' })),
    ...marked.map(({ shape, place }) => drawMark(shape, ...at(place))),
  );
}

/** Some room above and below, and a range even if all scores are equal. */
function padded(low: number, high: number): readonly [number, number] {
  const room = 0.08 * (high - low) || 0.1;
  return [low - room, high + room];
}

type Axis = readonly [scale: Scale, ticks: readonly number[]];

function drawGrid(left: number, [x, turns]: Axis, [y, scores]: Axis): Svg[] {
  const bottom = panel.top + panel.height;
  const right = left + panel.width;
  return [
    ...scores.map((score) =>
      line(
        [
          [left, y(score)],
          [right, y(score)],
        ],
        'grid',
      ),
    ),
    ...scores.map((score) => text(String(score), { x: left - 6, y: y(score) + 4, 'text-anchor': 'end' })),
    ...turns.map((count) =>
      line(
        [
          [x(count), panel.top],
          [x(count), bottom],
        ],
        'grid',
      ),
    ),
    ...turns.map((count) => text(String(count), { x: x(count), y: bottom + 18, 'text-anchor': 'middle' })),
    text('turns per gold answer', { x: (left + right) / 2, y: bottom + 38, 'text-anchor': 'middle' }),
  ];
}

function legend(marks: readonly CurveMark[]): Svg {
  const column = width / legendColumns;
  const place = (index: number) => ({
    x: 20 + (index % legendColumns) * column,
    y: legendTop + Math.floor(index / legendColumns) * legendRow,
  });
  const first = place(0);
  return element(
    'g',
    {},
    line(
      [
        [first.x - 8, first.y],
        [first.x + 8, first.y],
      ],
      'curve',
    ),
    text('the model, threshold from low (right) to high (left)', { x: first.x + 14, y: first.y + 4 }),
    ...marks.flatMap(({ title, shape }, index) => {
      // The name of the curve is long and has two places.
      const { x, y } = place(index + 2);
      return [drawMark(shape, x, y), text(title, { x: x + 14, y: y + 4 })];
    }),
  );
}
