import uPlot from 'uplot';
import type { HistogramChart } from '../../../server/scoring/report/html/page-data.js';
import type { Palette } from '../../common/palette.js';
import { sharedPlotOptions } from '../../common/plot-style.js';
import { shortNumber } from '../figure-text.js';
import { axes, type ChartLook } from './chart-look.js';

/** The look of a histogram: a stepped area for every group, each step as wide as its bin. */
export function histogramLook(chart: HistogramChart, palette: Palette): ChartLook {
  const { groups, shares, unit } = chart;
  const heights = groups.map(({ bins }) => heightsOf(bins.counts, shares));
  const bins = groups[0]?.bins ?? { start: 0, width: 1, counts: [] };
  const edges = Array.from({ length: bins.counts.length + 1 }, (_, index) => bins.start + index * bins.width);
  const stepped = uPlot.paths.stepped?.({ align: 1 });
  const series = groups.map(({ colour }) => ({
    stroke: palette[colour],
    fill: faint(palette[colour]),
    width: 1.5,
    points: { show: false },
    ...(stepped && { paths: stepped }),
  }));
  const range: [number, number] = [edges[0] ?? 0, edges.at(-1) ?? 1];
  return {
    data: [edges, ...heights.map((group) => [...group, 0])],
    options: {
      ...sharedPlotOptions(),
      padding: [12, 14, 0, 0],
      scales: {
        x: { time: false, range: () => range },
        y: { range: (_plot, _low, high) => [0, high * 1.08 || 1] },
      },
      axes: axes(palette, unit, shares ? 'Share in %' : 'Count'),
      series: [{}, ...series],
    },
    legend:
      groups.length < 2
        ? []
        : groups.map(({ name, colour }) => ({ shape: 'line', name, colour: palette[colour] })),
    readout: (x) => describeBin(chart, heights, Math.floor((x - bins.start) / bins.width)),
  };
}

function heightsOf(counts: readonly number[], shares: boolean): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => (shares ? (total === 0 ? 0 : (100 * count) / total) : count));
}

function describeBin({ groups, shares }: HistogramChart, heights: readonly number[][], bin: number): string {
  const bins = groups[0]?.bins;
  if (bins?.counts[bin] === undefined) return '';
  const from = bins.start + bin * bins.width;
  const parts = groups.map(({ name, bins: { counts } }, index) => {
    const share = shares ? ` (${shortNumber(heights[index]?.[bin] ?? 0)} %)` : '';
    return `${name.toLowerCase()} ${counts[bin] ?? 0}${share}`;
  });
  return `${shortNumber(from)} to ${shortNumber(from + bins.width)}: ${parts.join(', ')}`;
}

/** A colour with less of itself, for areas. */
function faint(colour: string): string {
  return `color-mix(in srgb, ${colour} 16%, transparent)`;
}
