import type { BenchTask } from '../../scoring/runner/bench-task.js';
import { DuetError } from '../../errors.js';
import type { PredictionSource } from '../../scoring/data/match-predictions.js';
import type { JudgedExample } from '../../scoring/benchmarks/magqa/judge-example.js';
import type { TaskReport } from '../../scoring/report/report.js';
import type { JudgeFlags } from '../judge/judge-flags.js';
import type { CaptionFlags, GroundingFlags, HighlightFlags, ReportFlags } from '../score-flags.js';
import {
  runMagqa,
  runPauc,
  type MagqaFlags,
  type PaucFlags,
  type ScoredOrEstimated,
} from '../score-judged.js';
import { runCaptions, runGrounding, runHighlight } from '../score-runs.js';

/** Flags of scoring, of whatever task. */
export type RuleFlags = ReportFlags &
  JudgeFlags &
  Omit<MagqaFlags & PaucFlags & GroundingFlags & HighlightFlags & CaptionFlags, 'pred' | 'gold'>;

/** What is scored against what. */
export interface ScoringInput {
  readonly annotations: string;
  /** Opens the predictions, once for every reading. */
  readonly predictions: () => PredictionSource;
  /** Told of every example a judge has rated. */
  readonly onJudged: (example: JudgedExample) => void;
}

/** Scores predictions by the same rules as `duet score`. */
export async function scoreTask(
  task: BenchTask,
  flags: RuleFlags,
  { annotations, predictions, onJudged }: ScoringInput,
  signal: AbortSignal,
): Promise<TaskReport> {
  const files = { ...flags, pred: predictions().file, gold: annotations };
  switch (task) {
    case 'magqa':
      return reportOf(await runMagqa(files, signal, predictions, onJudged));
    case 'proactive':
      return reportOf(await runPauc(files, signal, predictions));
    case 'youcook2':
      return runCaptions(files, predictions());
    case 'charades':
      return runGrounding(files, predictions());
    case 'qvhighlights':
      return runHighlight(files, predictions());
    default:
      return task satisfies never;
  }
}

function reportOf(outcome: ScoredOrEstimated): TaskReport {
  if (outcome.type === 'scored') return outcome.report;
  throw new DuetError('internal', 'a benchmark is scored, never only estimated');
}
