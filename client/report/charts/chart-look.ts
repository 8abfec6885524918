import type uPlot from 'uplot';
import type { Palette } from '../../common/palette.js';
import { quietAxis } from '../../common/plot-style.js';

/** A chart ready to be drawn with the colours it was made for. */
export interface ChartLook {
  readonly data: uPlot.AlignedData;
  readonly options: Omit<uPlot.Options, 'width' | 'height'>;
  readonly legend: readonly LegendEntry[];
  /** The text for the x value under the pointer. */
  readonly readout: (x: number) => string;
}

/** One line or mark of a chart: what the legend calls it. */
export interface LegendEntry {
  readonly shape: 'line' | 'disc' | 'ring';
  readonly name: string;
  readonly colour: string;
}

/** Axes in the colours of the page. */
export function axes(palette: Palette, x: string, y: string): uPlot.Axis[] {
  const shared = {
    ...quietAxis(palette),
    labelFont: '12px system-ui, sans-serif',
    labelSize: 18,
    labelGap: 2,
    gap: 6,
  };
  return [
    { ...shared, label: x, size: 28, space: 60 },
    { ...shared, label: y, size: 44, space: 28 },
  ];
}
