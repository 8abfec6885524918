import type uPlot from 'uplot';
import type { CurveChart, CurvePoint } from '../../../server/scoring/report/html/page-data.js';
import type { Palette } from '../../common/palette.js';
import { sharedPlotOptions } from '../../common/plot-style.js';
import { shortNumber } from '../figure-text.js';
import { axes, type ChartLook, type LegendEntry } from './chart-look.js';

interface Line {
  readonly name: string;
  readonly colour: string;
  readonly value: (point: CurvePoint) => number | null;
}

/** The look of a curve over the threshold, or of the score over the turns. */
export function curveLook(chart: CurveChart, palette: Palette): ChartLook {
  const byTurns = chart.shows === 'score-by-turns';
  const x = (point: CurvePoint): number | null => (byTurns ? point.turns : point.threshold);
  const points = placed(chart.points, x);
  const lines = linesOf(chart, palette);
  const [first] = lines;
  return {
    data: [points.map((point) => x(point) ?? 0), ...lines.map(({ value }) => points.map(value))],
    options: {
      ...sharedPlotOptions(),
      padding: [12, 14, 0, 0],
      scales: { x: { time: false }, y: { range: paddedRange } },
      axes: axes(palette, byTurns ? 'Turns' : 'Threshold', chart.shows === 'turns' ? 'Turns' : chart.metric),
      series: [{}, ...lines.map((line) => series(line, palette))],
      hooks: {
        draw: [
          (plot) => {
            if (first !== undefined) markPoints(plot, points, x, first.value, palette);
          },
        ],
      },
    },
    legend: legendOf(points, lines, palette),
    readout: (at) => describePoint(nearest(points, x, at), chart.metric),
  };
}

function legendOf(
  points: readonly CurvePoint[],
  lines: readonly Line[],
  { threshold }: Palette,
): readonly LegendEntry[] {
  const chosen = points.filter((point) => point.chosen);
  const oracle = points.filter((point) => point.oracle);
  const at = (point: CurvePoint): string => shortNumber(point.threshold);
  return [
    ...(lines.length < 2 ? [] : lines.map(({ name, colour }) => ({ shape: 'line', name, colour }) as const)),
    ...chosen.map((point) => ({ shape: 'disc', name: `chosen, ${at(point)}`, colour: threshold }) as const),
    ...oracle.map((point) => ({ shape: 'ring', name: `oracle, ${at(point)}`, colour: threshold }) as const),
  ];
}

/** The library wants ascending places. */
function placed(
  points: readonly CurvePoint[],
  x: (point: CurvePoint) => number | null,
): readonly CurvePoint[] {
  return points
    .filter((point) => x(point) !== null)
    .toSorted((one, other) => (x(one) ?? 0) - (x(other) ?? 0));
}

function linesOf({ shows, metric }: CurveChart, palette: Palette): readonly Line[] {
  if (shows !== 'turns') return [{ name: metric, colour: palette.score, value: (point) => point.score }];
  return [
    { name: 'Turns', colour: palette.relevance, value: (point) => point.turns },
    { name: 'Distinct turns', colour: palette.informative, value: (point) => point.turnsDedup },
  ];
}

function series({ colour }: Line, palette: Palette): uPlot.Series {
  return { stroke: colour, width: 2, points: { show: true, size: 5, fill: palette.surface, stroke: colour } };
}

/** Room above and below, for the marks. */
function paddedRange(_plot: uPlot, low: number, high: number): [number, number] {
  const room = (high - low || 1) * 0.12;
  return [low >= 0 ? Math.max(0, low - room) : low - room, high + 2 * room];
}

function nearest(
  points: readonly CurvePoint[],
  x: (point: CurvePoint) => number | null,
  at: number,
): CurvePoint | undefined {
  const distance = (point: CurvePoint): number => Math.abs((x(point) ?? Infinity) - at);
  return points.toSorted((one, other) => distance(one) - distance(other))[0];
}

function describePoint(point: CurvePoint | undefined, metric: string): string {
  if (point === undefined) return '';
  const shown = (value: number | null): string => (value === null ? 'n/a' : shortNumber(value));
  const { threshold, score, turns, turnsDedup, chosen, oracle } = point;
  const marks = [chosen ? 'chosen' : '', oracle ? 'oracle' : ''].filter((mark) => mark !== '');
  return [
    `threshold ${shown(threshold)}: ${metric} ${shown(score)}`,
    `turns ${shown(turns)}`,
    `distinct ${shown(turnsDedup)}`,
    ...marks,
  ].join(', ');
}

/** Marks the chosen point with a disc and the oracle with a ring; the legend says which is which. */
function markPoints(
  plot: uPlot,
  points: readonly CurvePoint[],
  x: (point: CurvePoint) => number | null,
  y: (point: CurvePoint) => number | null,
  palette: Palette,
): void {
  for (const point of points) {
    const [across, up] = [x(point), y(point)];
    if (across === null || up === null) continue;
    const left = plot.valToPos(across, 'x', true);
    const top = plot.valToPos(up, 'y', true);
    if (point.oracle) drawCircle(plot, { left, top, radius: 8, fill: palette.surface }, palette);
    if (point.chosen) drawCircle(plot, { left, top, radius: 5, fill: palette.threshold }, palette);
  }
}

interface Circle {
  /** Pixels of the canvas. */
  readonly left: number;
  readonly top: number;
  /** Pixels of the page. */
  readonly radius: number;
  readonly fill: string;
}

function drawCircle({ ctx }: uPlot, { left, top, radius, fill }: Circle, palette: Palette): void {
  ctx.save();
  ctx.beginPath();
  ctx.arc(left, top, radius * devicePixelRatio, 0, 2 * Math.PI);
  ctx.lineWidth = 2 * devicePixelRatio;
  ctx.strokeStyle = palette.threshold;
  ctx.fillStyle = fill;
  ctx.fill();
  ctx.stroke();
  ctx.restore();
}
