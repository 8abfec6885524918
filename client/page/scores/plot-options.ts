import uPlot from 'uplot';
import { shortClockText } from '../../common/clock-text.js';
import type { Palette } from '../../common/palette.js';
import { quietAxis, sharedPlotOptions } from '../../common/plot-style.js';

/** Options of the library for the plot of the scores. */
export function plotOptions(look: PlotLook): uPlot.Options {
  return {
    width: look.width,
    height: look.height,
    ...sharedPlotOptions(),
    padding: [8, look.sum ? 0 : 20, 0, 0],
    scales: {
      x: { time: false, range: look.timeRange },
      score: { range: look.scoreRange },
      sum: { range: look.sumRange },
    },
    axes: axes(look),
    series: series(look),
    hooks: {
      draw: [look.draw],
      setCursor: [
        (plot) => {
          look.point(
            plot.cursor.left === undefined || plot.cursor.left < 0 ? null : (plot.cursor.idx ?? null),
          );
        },
      ],
    },
  };
}

/** What the plot is drawn with; ranges are asked anew for every drawing. */
interface PlotLook {
  readonly palette: Palette;
  /** The running sum is what counts: it gets an axis of its own. */
  readonly sum: boolean;
  readonly width: number;
  readonly height: number;
  readonly timeRange: () => [number, number];
  readonly scoreRange: () => [number, number];
  readonly sumRange: () => [number, number];
  readonly draw: (plot: uPlot) => void;
  readonly point: (index: number | null) => void;
}

/** Order of the columns given to the plot after the times. */
export const columnNames = [
  'score',
  'sum',
  'informative',
  'relevance',
  'scoreThreshold',
  'sumThreshold',
] as const;

/** Steps of the time axis in seconds: those that read well on a clock. */
const timeSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200];

function axes({ palette, sum }: PlotLook): uPlot.Axis[] {
  const shared = quietAxis(palette);
  return [
    {
      ...shared,
      size: 26,
      space: 70,
      incrs: timeSteps,
      values: (_plot, times) => times.map((time) => shortClockText(time)),
    },
    { ...shared, scale: 'score', size: 40, space: 30, values: (_plot, values) => values.map(axisNumber) },
    {
      ...shared,
      scale: 'sum',
      // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- no bundler sees its const enum
      side: 1,
      size: 40,
      space: 30,
      show: sum,
      grid: { show: false },
      values: (_plot, values) => values.map(axisNumber),
    },
  ];
}

function series({ palette, sum }: PlotLook): uPlot.Series[] {
  const points = { show: false };
  const counted = { stroke: palette.score, fill: palette.scoreFill, width: 2, points };
  const stepped = uPlot.paths.stepped?.({ align: -1 });
  const line = {
    stroke: palette.threshold,
    width: 1.5,
    dash: [5, 4],
    points,
    ...(stepped && { paths: stepped }),
  };
  return [
    {},
    { ...counted, scale: 'score', show: !sum },
    { ...counted, scale: 'sum', show: sum },
    { scale: 'score', stroke: palette.informative, width: 1.5, points },
    { scale: 'score', stroke: palette.relevance, width: 1.5, points },
    { ...line, scale: 'score', show: !sum },
    { ...line, scale: 'sum', show: sum },
  ];
}

function axisNumber(value: number): string {
  return String(Number(value.toFixed(2)));
}
