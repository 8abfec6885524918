import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { DuetError } from '../../../errors.js';
import { replaceNonFinite } from '../finite-values.js';
import { encodeExample } from './encode-example.js';
import { pageEnd, pageStart, readPageAssets, type PageAssets } from './page-shell.js';
import type { ReportPage } from './report-page.js';
import { curveSection } from './sections/curve-section.js';
import { distributionsSection } from './sections/distributions-section.js';
import { examplesSection } from './sections/examples-section.js';
import { countsSection, valuesSection } from './sections/figures-section.js';
import { runSection } from './sections/run-section.js';
import type { Section } from './sections/section.js';
import { slicesSection } from './sections/slices-section.js';
import { summarySection } from './sections/summary-section.js';
import { TimelineHistograms } from './timeline-histograms.js';

/**
 * Writes the report as one HTML file that needs no network. Examples are read and written one at a time, so
 * memory does not grow with their number. A named file appears whole or not at all; a stream is left open.
 * @throws DuetError 'internal' when the page was not built, 'invalid_request' when the file cannot be
 * written.
 */
export async function writeReportPage(
  page: ReportPage,
  out: NodeJS.WritableStream | string,
  options: ReportPageOptions = {},
  signal?: AbortSignal,
): Promise<void> {
  const assets = options.assets ?? (await readPageAssets());
  await writeChunks(pageChunks(page, assets, options.frameBudget ?? 1_000_000), out, signal);
}

/** How a page is written. */
export interface ReportPageOptions {
  /** Script and style of the page; those of the build unless others are given. */
  readonly assets?: PageAssets;
  /** How many frames a page holds in all; the examples beyond are listed without theirs. */
  readonly frameBudget?: number;
}

/** What was collected while the examples were written. */
interface ExampleTally {
  nExamples: number;
  /** Examples whose frames did not fit into the page. */
  nWithoutFrames: number;
  readonly histograms: TimelineHistograms;
}

/**
 * The page, piece by piece: the head, then the examples as they arrive, then the sections that summarise
 * them.
 */
async function* pageChunks(
  page: ReportPage,
  assets: PageAssets,
  frameBudget: number,
): AsyncGenerator<string> {
  yield pageStart(page, assets).text;
  yield summarySection(page).text;
  const tally: ExampleTally = { nExamples: 0, nWithoutFrames: 0, histograms: new TimelineHistograms() };
  yield* exampleBlocks(page.timelines, frameBudget, tally);
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
  );
  yield pageEnd(assets).text;
}

async function* exampleBlocks(
  timelines: ReportPage['timelines'],
  frameBudget: number,
  tally: ExampleTally,
): AsyncGenerator<string> {
  let room = frameBudget;
  for await (const timeline of timelines) {
    const fits = timeline.frames.length <= room;
    if (fits) room -= timeline.frames.length;
    else tally.nWithoutFrames += 1;
    tally.nExamples += 1;
    tally.histograms.add(timeline);
    yield dataBlock('example', encodeExample(timeline, fits));
  }
}

/**
 * A value as a data block of a page. No `<` is left in it, so that neither `</script>` nor `<!--` in foreign
 * text can end or change the block; NaN becomes null.
 */
function dataBlock(kind: 'charts' | 'example', value: unknown): string {
  const json = JSON.stringify(replaceNonFinite(value).value).replaceAll('<', '\\u003c');
  return `<script type="application/json" data-block="${kind}">${json}</script>\n`;
}

/** Writes a file under another name beside it and renames it at the end. */
async function writeChunks(
  chunks: AsyncIterable<string>,
  out: NodeJS.WritableStream | string,
  signal?: AbortSignal,
): Promise<void> {
  const cancelling = signal === undefined ? {} : { signal };
  if (typeof out !== 'string') {
    await pipeline(Readable.from(chunks), out, { ...cancelling, end: false });
    return;
  }
  const draft = `${out}.${process.pid}.part`;
  try {
    await pipeline(Readable.from(chunks), createWriteStream(draft), cancelling);
    await rename(draft, out);
  } catch (thrown) {
    await rm(draft, { force: true });
    throw writingFault(out, thrown);
  }
}

/** A file system error gets the file's name; any other error is returned unchanged. */
function writingFault(file: string, thrown: unknown): unknown {
  if (!(thrown instanceof Error) || !('syscall' in thrown)) return thrown;
  const message = `${file}: the report cannot be written: ${thrown.message}`;
  return new DuetError('invalid_request', message, { cause: thrown });
}
