import type uPlot from 'uplot';
import type { Palette } from './palette.js';

/** What every plot has in common: our own legend, and a cursor that is one line and drags nothing. */
export function sharedPlotOptions(): Pick<uPlot.Options, 'legend' | 'cursor'> {
  return {
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
  };
}

/** An axis in the colours of the page. */
export function quietAxis(palette: Palette): uPlot.Axis {
  return {
    stroke: palette.ink,
    font: '12px system-ui, sans-serif',
    grid: { stroke: palette.grid, width: 1 },
    ticks: { show: false },
  };
}
