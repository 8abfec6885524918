import { identityOf, type Judge } from '../../judges/judge.js';
import { readingNotes } from '../../judges/report/judging-notes.js';
import type { TaskReport } from '../../report/report.js';
import type { PaucOptions, PaucResult } from './score-pauc.js';

/** The report of a run of proactive answering. */
export function paucReport(result: PaucResult, judge: Judge, options: PaucOptions): TaskReport {
  const { mode, ...others } = options;
  return {
    task: 'pauc',
    mode,
    options: others,
    versions: { pauc: '1', reply_rule: 'stated 1-3' },
    judge: identityOf(judge),
    notes: notesOf(result),
    counts: { ...result.counts },
    headline: [
      { name: 'pauc', value: result.meanOverTurns, digits: 4 },
      { name: 'duplicate_ratio', value: result.duplicateRatio, digits: 4 },
      { name: 'out_of_span_ratio', value: result.outOfSpanRatio, digits: 4 },
      { name: 'first_reply_latency', value: result.firstReplyLatency, digits: 2 },
    ],
    values: {
      pauc: result.meanOverTurns,
      pauc_at_delivery: result.meanAtDelivery,
      mean_over_turns: result.meanOverTurns,
      mean_over_videos: result.meanOverVideos,
      omega: options.omega,
      duplicate_ratio: result.duplicateRatio,
      out_of_span_ratio: result.outOfSpanRatio,
      first_reply_latency: result.firstReplyLatency,
    },
    exampleMetric: 'pauc',
    examples: result.examples,
  };
}

function notesOf({ counts }: PaucResult): string[] {
  return [
    ...(counts.nLeftOut > 0
      ? [`${counts.nLeftOut} gold turns are left out, since the judge did not take all of their cases`]
      : []),
    ...readingNotes(counts.nUnparsableReplies, 'strict', 'make no point'),
  ];
}
