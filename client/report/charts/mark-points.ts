import type uPlot from 'uplot';
import type { CurvePoint } from '../../../server/scoring/report/html/page-data.js';
import type { Palette } from '../../common/palette.js';

/** Marks the chosen point with a disc and the oracle with a ring; the legend says which is which. */
export function markPoints(
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
