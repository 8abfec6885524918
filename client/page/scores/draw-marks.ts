import type uPlot from 'uplot';
import type { Palette } from '../../common/palette.js';
import type { PlotMark } from './plot-data.js';

/** Draws what was said: a line with a dot for each reply, a dotted line with a square for each question. */
export function drawMarks(plot: uPlot, marks: readonly PlotMark[], palette: Palette): void {
  const { ctx, bbox } = plot;
  const pixel = devicePixelRatio;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left - 6 * pixel, 0, bbox.width + 12 * pixel, plot.ctx.canvas.height);
  ctx.clip();
  for (const { type, videoTime } of marks) {
    const x = Math.round(plot.valToPos(videoTime, 'x', true));
    const color = type === 'reply' ? palette.score : palette.question;
    ctx.strokeStyle = color;
    ctx.fillStyle = color;
    ctx.lineWidth = pixel;
    ctx.setLineDash(type === 'reply' ? [] : [2 * pixel, 3 * pixel]);
    line(ctx, x, bbox.top, bbox.top + bbox.height);
    head(ctx, type, x, bbox.top, 3.5 * pixel);
  }
  ctx.restore();
}

/** Draws the threshold in force on towards the end, where no frame has been yet. */
export function drawThresholdAhead(
  plot: uPlot,
  from: number,
  level: number,
  scale: string,
  palette: Palette,
): void {
  const { ctx, bbox } = plot;
  const pixel = devicePixelRatio;
  const y = Math.round(plot.valToPos(level, scale, true));
  if (y < bbox.top || y > bbox.top + bbox.height) return;
  ctx.save();
  ctx.globalAlpha = 0.45;
  ctx.strokeStyle = palette.threshold;
  ctx.lineWidth = 1.5 * pixel;
  ctx.setLineDash([5 * pixel, 4 * pixel]);
  ctx.beginPath();
  ctx.moveTo(Math.max(bbox.left, plot.valToPos(from, 'x', true)), y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.restore();
}

/** Draws where it would have spoken: a triangle at the bottom for each. */
export function drawTried(plot: uPlot, times: readonly number[], palette: Palette): void {
  const { ctx, bbox } = plot;
  const size = 6 * devicePixelRatio;
  ctx.save();
  ctx.fillStyle = palette.threshold;
  for (const time of times) {
    const x = Math.round(plot.valToPos(time, 'x', true));
    if (x < bbox.left - 1 || x > bbox.left + bbox.width + 1) continue;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top + bbox.height - 2 * size);
    ctx.lineTo(x - size, bbox.top + bbox.height);
    ctx.lineTo(x + size, bbox.top + bbox.height);
    ctx.fill();
  }
  ctx.restore();
}

function line(ctx: CanvasRenderingContext2D, x: number, top: number, bottom: number): void {
  ctx.globalAlpha = 0.55;
  ctx.beginPath();
  ctx.moveTo(x + 0.5, top);
  ctx.lineTo(x + 0.5, bottom);
  ctx.stroke();
  ctx.globalAlpha = 1;
}

function head(
  ctx: CanvasRenderingContext2D,
  type: PlotMark['type'],
  x: number,
  y: number,
  radius: number,
): void {
  ctx.beginPath();
  if (type === 'reply') ctx.arc(x, y, radius, 0, 2 * Math.PI);
  else ctx.rect(x - radius, y - radius, 2 * radius, 2 * radius);
  ctx.fill();
}
