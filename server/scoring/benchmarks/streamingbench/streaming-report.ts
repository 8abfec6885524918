import type { TaskReport } from '../../report/report.js';
import type { ScoredExample } from '../../statistics/slices.js';
import type { FirstReplies, FirstReplyRules } from '../first-replies.js';
import type { ChoiceScore } from '../multiple-choice.js';
import type { ProactiveOutputScore } from './proactive-output.js';

/** A scored run of StreamingBench. */
interface StreamingResult {
  /** By task. */
  readonly choices: ReadonlyMap<string, ChoiceScore>;
  readonly outputs: ProactiveOutputScore;
  /** 1 for every question that is answered rightly, and in time where that matters, else 0. */
  readonly examples: readonly ScoredExample[];
  readonly counts: FirstReplies['counts'];
}

/** How it was scored. */
interface StreamingOptions extends FirstReplyRules {
  /** Seconds. */
  readonly tolerance: number;
}

/** The report of a run of StreamingBench; all questions of multiple choice count alike. */
export function streamingReport(result: StreamingResult, options: StreamingOptions): TaskReport {
  const { choices, outputs, examples, counts } = result;
  const { mode, ...others } = options;
  const scores = [...choices.values()];
  const [correct, total] = [sumOf(scores, 'correct'), sumOf(scores, 'total')];
  const figures = {
    accuracy: total === 0 ? null : (correct / total) * 100,
    proactive_time: percent(outputs.timeAccuracy),
    proactive_answer: percent(outputs.answerAccuracy),
  };
  return {
    task: 'streamingbench',
    mode,
    options: others,
    versions: { answer: mode === 'compat' ? 'first character' : 'letter or text of the option as stated' },
    judge: null,
    notes: [
      'questions are asked while the video runs on, and the first reply counts, whatever it has seen since',
      ...(counts.nSilent > 0 ? [`${counts.nSilent} questions got no reply, which is wrong`] : []),
    ],
    counts: { ...counts, nChoices: total, nProactiveOutputs: outputs.total },
    headline: Object.entries(figures).map(([name, value]) => ({ name, value, digits: 2 })),
    values: figures,
    tables: {
      tasks: [...choices].map(([task, score]) => {
        return { task, accuracy: percent(score.accuracy), correct: score.correct, total: score.total };
      }),
    },
    exampleMetric: 'correct',
    examples,
  };
}

function percent(share: number | null): number | null {
  return share === null ? null : share * 100;
}

function sumOf(scores: readonly ChoiceScore[], name: 'correct' | 'total'): number {
  return scores.reduce((sum, score) => sum + score[name], 0);
}
