import type { Mode } from '../../mode.js';
import type { TaskReport } from '../../report/report.js';
import type { ScoredExample } from '../../statistics/slices.js';
import type { FirstReplies, FirstReplyRules } from '../first-replies.js';
import type { OvoScore } from './ovo-scores.js';

/** A scored run of OVO-Bench. */
interface OvoResult {
  readonly score: OvoScore;
  /** 1 for every question that is answered rightly, else 0. */
  readonly examples: readonly ScoredExample[];
  readonly counts: FirstReplies['counts'];
}

/** The report of a run of OVO-Bench. */
export function ovoReport({ score, examples, counts }: OvoResult, options: FirstReplyRules): TaskReport {
  const { mode, ...others } = options;
  const { total, backward, realtime, forward, tasks } = score;
  return {
    task: 'ovo-bench',
    mode,
    options: others,
    versions: { answer: answerRules[mode], forward: 'every point counts once' },
    judge: null,
    notes: [
      'questions are asked while the video runs on, and the first reply counts, whatever it has seen since',
      ...(counts.nSilent > 0 ? [`${counts.nSilent} questions got no reply, which is wrong`] : []),
    ],
    counts,
    headline: [
      { name: 'total', value: total, digits: 2 },
      { name: 'backward', value: backward, digits: 2 },
      { name: 'realtime', value: realtime, digits: 2 },
      { name: 'forward', value: forward, digits: 2 },
    ],
    values: { total, backward, realtime, forward },
    tables: { tasks: [...tasks].map(([task, accuracy]) => ({ task, accuracy })) },
    exampleMetric: 'correct',
    examples,
  };
}

const answerRules: Readonly<Record<Mode, string>> = {
  compat: 'letter anywhere in the reply',
  strict: 'letter or text of the option, Yes, No or number as stated',
};
