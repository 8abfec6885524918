import { dataBlock } from './data-block.js';
import { encodeExample } from './encode-example.js';
import type { ExampleTimeline } from './example-timeline.js';
import { html, type Markup } from './markup.js';
import { pageEnd, pageStart } from './page-frame.js';
import type { PageAssets } from './page-assets.js';
import type { ReportPage } from './report-page.js';
import { countsSection } from './sections/counts-section.js';
import { curveSection } from './sections/curve-section.js';
import { distributionsSection } from './sections/distributions-section.js';
import { examplesSection } from './sections/examples-section.js';
import { summarySection } from './sections/summary-section.js';
import { runSection } from './sections/run-section.js';
import { slicesSection } from './sections/slices-section.js';
import { valuesSection } from './sections/values-section.js';
import type { Section } from './sections/section.js';
import { TimelineHistograms } from './timeline-histograms.js';

/** What keeps a page small enough to open. */
export interface PageBounds {
  /** How many frames a page holds in all; the examples beyond are listed without theirs. */
  readonly frameBudget: number;
}

/** What was met while the examples were written. */
export interface ExampleTally {
  nExamples: number;
  /** Examples whose frames did not fit into the page. */
  nWithoutFrames: number;
  readonly histograms: TimelineHistograms;
}

/** The page, piece by piece: what is read first, then the examples as they come, then what is known only after them. */
export async function* pageChunks(
  page: ReportPage,
  assets: PageAssets,
  bounds: PageBounds,
): AsyncGenerator<string> {
  yield pageStart(page, assets).text;
  yield summarySection(page).text;
  const tally: ExampleTally = { nExamples: 0, nWithoutFrames: 0, histograms: new TimelineHistograms() };
  yield* exampleBlocks(page.timelines, bounds, tally);
  const sections: readonly (Section | null)[] = [
    curveSection(page.sweep),
    distributionsSection(page.report, tally.histograms),
    slicesSection(page.report),
    { markup: examplesSection(tally), charts: [] },
    { markup: countsSection(page), charts: [] },
    { markup: valuesSection(page.report), charts: [] },
    { markup: runSection(page), charts: [] },
  ];
  const present = sections.filter((section) => section !== null);
  for (const { markup } of present) yield markup.text;
  yield dataBlock(
    'charts',
    present.flatMap(({ charts }) => charts),
  ).text;
  yield pageEnd(assets).text;
}

async function* exampleBlocks(
  timelines: ReportPage['timelines'],
  { frameBudget }: PageBounds,
  tally: ExampleTally,
): AsyncGenerator<string> {
  let room = frameBudget;
  for await (const timeline of timelines) {
    const fits = timeline.frames.length <= room;
    if (fits) room -= timeline.frames.length;
    else tally.nWithoutFrames += 1;
    tally.nExamples += 1;
    tally.histograms.add(timeline);
    yield exampleBlock(timeline, fits).text;
  }
}

function exampleBlock(timeline: ExampleTimeline, withFrames: boolean): Markup {
  return html`${dataBlock('example', encodeExample(timeline, withFrames))}`;
}
