import type uPlot from 'uplot';
import type { CurvePoint } from '../../page-data.js';
import type { Palette } from '../palette.js';

/** Marks the chosen point with a disc and the oracle with a ring, each with its word. */
export function markPoints(
  plot: uPlot,
  points: readonly CurvePoint[],
  x: (point: CurvePoint) => number | null,
  y: (point: CurvePoint) => number | null,
  palette: Palette,
): void {
  for (const point of points) {
    const [across, up] = [x(point), y(point)];
    if ((!point.chosen && !point.oracle) || across === null || up === null) continue;
    const words = [point.chosen ? 'chosen' : '', point.oracle ? 'oracle' : ''].filter((word) => word !== '');
    const left = plot.valToPos(across, 'x', true);
    const top = plot.valToPos(up, 'y', true);
    drawMark(plot, { left, top, filled: point.chosen, text: words.join(', ') }, palette);
  }
}

interface Mark {
  /** Pixels of the canvas. */
  readonly left: number;
  readonly top: number;
  readonly filled: boolean;
  readonly text: string;
}

function drawMark({ ctx, bbox }: uPlot, { left, top, filled, text }: Mark, palette: Palette): void {
  const scale = devicePixelRatio;
  const middle = bbox.left + bbox.width / 2;
  ctx.save();
  ctx.beginPath();
  ctx.arc(left, top, 6 * scale, 0, 2 * Math.PI);
  ctx.lineWidth = 2 * scale;
  ctx.strokeStyle = palette.threshold;
  ctx.fillStyle = filled ? palette.threshold : palette.surface;
  ctx.fill();
  ctx.stroke();
  ctx.font = `600 ${12 * scale}px system-ui, sans-serif`;
  ctx.textAlign = left > middle ? 'right' : 'left';
  const at = [left + (left > middle ? -4 : 4) * scale, top - 12 * scale] as const;
  // A halo keeps the word apart from the line it stands on.
  ctx.lineWidth = 4 * scale;
  ctx.strokeStyle = palette.surface;
  ctx.strokeText(text, ...at);
  ctx.fillStyle = palette.threshold;
  ctx.fillText(text, ...at);
  ctx.restore();
}
