import { identityOf, type JudgeIdentity } from '../../judges/judge.js';
import { readingNotes } from '../../judges/report/judging-notes.js';
import type { Mode } from '../../mode.js';
import type { TaskReport } from '../../report/report.js';
import type { MagqaResult } from './magqa-result.js';
import type { MagqaOptions } from './rules.js';

/** The report of a MAGQA run. */
export function magqaReport(result: MagqaResult, judge: JudgeIdentity, options: MagqaOptions): TaskReport {
  const { mode, numExamples, allMatch, pad, concat, unknown } = options;
  return {
    task: 'magqa',
    mode,
    options: { numExamples, allMatch, pad, concat, unknown },
    versions: { in_span: '1', reply_rule: mode === 'compat' ? 'last_character' : 'stated' },
    judge: identityOf(judge),
    notes: notesOf(result, mode),
    counts: { ...result.counts },
    headline: [
      { name: 'in_span', value: result.inSpan, digits: 2 },
      { name: 'turns', value: result.turns, digits: 2 },
      { name: 'turns_dedup', value: result.turnsDedup, digits: 2 },
      // A full score means little if most replies lie outside the gold spans.
      { name: 'out_of_span_ratio', value: result.outOfSpanRatio, digits: 2, aside: true },
    ],
    values: {
      in_span: result.inSpan,
      in_span_at_delivery: result.inSpanAtDelivery,
      best: result.best,
      turns: result.turns,
      turns_dedup: result.turnsDedup,
      duplicate_ratio: result.duplicateRatio,
      out_of_span_ratio: result.outOfSpanRatio,
      first_reply_latency: result.firstReplyLatency,
    },
    exampleMetric: 'in_span',
    examples: result.examples.flatMap(({ questionId, inSpan, tags }) =>
      inSpan === null ? [] : [{ id: String(questionId), value: inSpan, tags }],
    ),
  };
}

function notesOf({ counts, examples }: MagqaResult, mode: Mode): string[] {
  const unlisted = counts.nPadded - (examples.length - counts.nScored);
  const left = unlisted === 0 ? '' : `; the interval and slices leave ${unlisted} of them out`;
  return [
    ...(counts.nPadded > 0
      ? [`${counts.nPadded} missing examples count as in_span 1 with no turns${left}`]
      : []),
    ...(counts.nLeftOut > 0
      ? [`${counts.nLeftOut} examples are left out, since the judge took none of the replies they rest on`]
      : []),
    ...readingNotes(counts.nUnparsableReplies, mode, 'count as 1'),
  ];
}
