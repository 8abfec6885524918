import type { Report } from '../../report.js';
import { html, type Markup } from '../markup.js';
import type { Bins, ChartColour, HistogramChart } from '../page-data.js';
import { valueBins } from '../histograms.js';
import type { SideBins, TimelineHistograms } from '../timeline-histograms.js';
import { readableName, showNumber } from './readable.js';
import { chartFigure, dataTable, section, type Section } from './section.js';

/** Histograms of the examples' values, of the frames' scores in and out of gold spans, and of latencies. */
export function distributionsSection(report: Report, histograms: TimelineHistograms): Section | null {
  const metric = readableName(report.exampleMetric);
  const all = [
    counted('values', `${metric} of the examples`, {
      about: 'how many examples have which value',
      unit: metric,
      bins: valueBins(report.examples.map((example) => example.value)),
    }),
    sided('informative', 'Informative score of the frames', 'informative', histograms.informative()),
    sided('relevance', 'Relevance score of the frames', 'relevance', histograms.relevance()),
    counted('first-reply', 'Latency of the first reply', {
      about: 'seconds from the start of a gold span to the first reply in it',
      unit: 'Seconds',
      bins: histograms.firstReply(),
    }),
    counted('delivery', 'Latency of delivery', {
      about: 'seconds of video from the frame a reply belongs to until a viewer had the whole of it',
      unit: 'Seconds',
      bins: histograms.delivery(),
    }),
  ].filter(({ chart }) => chart.groups.some(({ bins }) => total(bins) > 0));
  if (all.length === 0) return null;
  const figures = all.map(({ chart, title, about }) =>
    chartFigure({ id: chart.id, title, about: `${about} (${countsOf(chart)})`, table: binTable(chart) }),
  );
  const markup = section('distributions', 'Distributions', html`<div class="charts">${figures}</div>`);
  return { markup, charts: all.map(({ chart }) => chart) };
}

interface Distribution {
  readonly chart: HistogramChart;
  readonly title: string;
  readonly about: string;
}

function counted(
  id: string,
  title: string,
  { about, unit, bins }: { readonly about: string; readonly unit: string; readonly bins: Bins },
): Distribution {
  const groups = [{ name: 'Count', colour: 'score' as const, bins }];
  return { title, about, chart: { type: 'histogram', id, unit, shares: false, groups } };
}

function sided(id: string, title: string, colour: ChartColour, { inside, outside }: SideBins): Distribution {
  const groups = [
    { name: 'Inside gold spans', colour, bins: inside },
    { name: 'Outside', colour: 'outside' as const, bins: outside },
  ];
  const about = 'share of the frames inside and outside of gold spans';
  return { title, about, chart: { type: 'histogram', id, unit: 'Score', shares: true, groups } };
}

function countsOf({ groups }: HistogramChart): string {
  return groups
    .map(({ name, bins }) =>
      groups.length === 1 ? `n ${total(bins)}` : `${name.toLowerCase()}: ${total(bins)}`,
    )
    .join(', ');
}

function total({ counts }: Bins): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

function binTable({ unit, groups }: HistogramChart): Markup {
  const [first] = groups;
  const rows = (first?.bins.counts ?? []).map((_, bin) => ({
    cells: [binName(first?.bins, bin), ...groups.map(({ bins }) => bins.counts[bin] ?? 0)],
  }));
  return dataTable([unit, ...groups.map(({ name }) => name)], rows);
}

function binName(bins: Bins | undefined, bin: number): string {
  const from = (bins?.start ?? 0) + bin * (bins?.width ?? 0);
  return `${showNumber(from)} to ${showNumber(from + (bins?.width ?? 0))}`;
}
