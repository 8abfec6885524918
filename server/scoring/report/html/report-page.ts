import type { Report } from '../report.js';
import type { ExampleTimeline } from './example-timeline.js';
import { pageChunks, type PageBounds } from './page-chunks.js';
import { readPageAssets, type PageAssets } from './page-assets.js';
import type { SweepCurve } from './sweep-curve.js';
import { writeChunks } from './write-chunks.js';

export type { ExampleTimeline, TimelineReply } from './example-timeline.js';
export type { SweepCurve, SweepPoint } from './sweep-curve.js';

/** An example of which there is nothing to score. */
export interface FailedExample {
  readonly id: string;
  readonly reason: string;
}

/** Everything a page shows. */
export interface ReportPage {
  readonly title: string;
  readonly report: Report;
  /** How the predictions were made: model, frames a second, policy and whatever else the run was told. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly failures: readonly FailedExample[];
  readonly sweep: SweepCurve | null;
  /** Read once, one at a time. */
  readonly timelines: AsyncIterable<ExampleTimeline> | Iterable<ExampleTimeline>;
}

/** How a page is written. */
export interface ReportPageOptions extends Partial<PageBounds> {
  /** Script and style of the page; those of the build unless others are given. */
  readonly assets?: PageAssets;
}

/**
 * Writes the report as one HTML file that needs no network. Examples are read and written one at a time, so memory does
 * not grow with their number. A named file appears whole or not at all; a stream is left open.
 * @throws DuetError 'internal' where the page was not built, 'invalid_request' where the file cannot be written.
 */
export async function writeReportPage(
  page: ReportPage,
  out: NodeJS.WritableStream | string,
  options: ReportPageOptions = {},
  signal?: AbortSignal,
): Promise<void> {
  const assets = options.assets ?? (await readPageAssets());
  const bounds = { frameBudget: options.frameBudget ?? 1_000_000 };
  await writeChunks(pageChunks(page, assets, bounds), out, signal);
}
