import { Writable } from 'node:stream';
import type { PageAssets } from '../../../../server/scoring/report/html/page-shell.js';
import type { ExampleTimeline, ReportPage } from '../../../../server/scoring/report/html/report-page.js';
import {
  writeReportPage,
  type ReportPageOptions,
} from '../../../../server/scoring/report/html/write-report-page.js';

/** Stands in for the built page where only the document matters. */
export const plainAssets: PageAssets = { script: 'void 0;', style: 'body{}' };

/** A page about nothing. */
export const emptyPage: ReportPage = {
  title: 'Empty',
  report: {
    task: 'magqa',
    mode: 'strict',
    options: {},
    versions: {},
    judge: null,
    notes: [],
    counts: {},
    headline: [],
    values: {},
    exampleMetric: 'in_span',
    examples: [],
    interval: null,
    slices: {},
  },
  settings: {},
  failures: [],
  sweep: null,
  timelines: [],
};

/** An example in which nothing happens. */
export const silentExample: ExampleTimeline = {
  id: 'silent',
  video: '',
  duration: null,
  conversation: [],
  gold: [],
  replies: [],
  frames: [],
  value: null,
  tags: {},
};

/** The whole text of a page. */
export async function writtenPage(page: ReportPage, options: ReportPageOptions = {}): Promise<string> {
  const chunks: string[] = [];
  const out = new Writable({
    decodeStrings: false,
    write: (chunk: string, _encoding, done) => {
      chunks.push(chunk);
      done();
    },
  });
  await writeReportPage(page, out, { assets: plainAssets, ...options });
  return chunks.join('');
}
