import { carryOnWriting } from '../../data/json/json-lines-file.js';
import type { PredictionSource } from '../../data/match-predictions.js';
import { jsonLine } from '../../data/question-id.js';
import { dryRunJudge } from '../asking/dry-run.js';
import type { JudgingEstimate } from '../asking/estimate.js';
import { openRecording } from '../asking/recording.js';
import type { JudgeIdentity } from '../judge.js';
import type { JudgedBenchmark, JudgedCounts, JudgedFields, JudgePredictions } from '../judged-benchmark.js';
import type { JudgingPlan } from '../judging-plan.js';
import { openJudging, type JudgingHooks } from '../judging.js';
import type { JudgingReport } from '../report/judging-report.js';
import { judgedBy, type JudgedBy } from '../judged-by.js';
import { checkDone, notYetJudged, readPartlyJudged, type PartlyJudged } from './partly-judged.js';

/** What is judged, and into which file. */
export interface JudgedFilePlan {
  readonly benchmark: JudgedBenchmark;
  readonly judging: JudgingPlan;
  /** Opens the predictions; called once for each time they are read. */
  readonly predictions: () => PredictionSource;
  /** File of the annotations. */
  readonly gold: string;
  /** Whether a prediction without annotation is an error or skipped. */
  readonly unknown: 'fail' | 'skip';
  /** Whether the replies to a question are judged as one. */
  readonly concat: boolean;
  readonly output: string;
  /** The file to take replies from and add them to, and what to do with refusals in it; null for none. */
  readonly recording: { readonly file: string; readonly refusals: 'ask_again' | 'keep' } | null;
}

/** A judged file that was written, or an estimate of what writing it would cost. */
export type JudgedFileOutcome =
  | { readonly type: 'estimated'; readonly judge: JudgeIdentity; readonly estimate: JudgingEstimate }
  | {
      readonly type: 'written';
      readonly judge: JudgeIdentity;
      readonly judging: JudgingReport;
      readonly counts: JudgedCounts;
      /** Lines that were already there. */
      readonly nKept: number;
      readonly nWritten: number;
    };

/**
 * Judges predictions into a judged file. Existing lines are kept after checking that they belong to these
 * predictions, annotations and judge. The rest is judged and written line by line, so that a run that was
 * killed and repeated gives the same file as an uninterrupted one.
 */
export async function judgeFile(plan: JudgedFilePlan, hooks: JudgingHooks): Promise<JudgedFileOutcome> {
  const { benchmark, gold, unknown, concat, output } = plan;
  const { mode, swap } = plan.judging;
  const judgePredictions = await benchmark.openGold(gold, { mode, unknown, concat });
  const partly = readPartlyJudged(output, mode);
  const judging = await openJudging(plan.judging, hooks);
  const by = judgedBy(judging.judge, mode, swap);
  await checkAgainstNow(plan, judgePredictions, partly, by);
  const remaining = () => {
    const { file, predictions } = plan.predictions();
    return { file, predictions: notYetJudged(predictions, partly, mode) };
  };
  const recording =
    plan.recording === null
      ? null
      : openRecording(plan.recording.file, judging.judge, plan.recording.refusals);
  try {
    const outcome = await judging.run({
      recording,
      dryRun: (judge) =>
        judgePredictions({ source: remaining(), judge, concurrency: 1, onJudged: () => undefined }),
      score: (judge, concurrency) =>
        writeLines(output, partly, (write) => {
          const onJudged = (judged: { line(by: JudgedBy): JudgedFields }) => {
            write(judged.line(by));
          };
          return judgePredictions({ source: remaining(), judge, concurrency, onJudged });
        }),
    });
    if (outcome.type === 'estimated') return outcome;
    const { judge, judging: report, result } = outcome;
    return { type: 'written', judge, judging: report, ...result, nKept: partly.found.lines.length };
  } finally {
    recording?.close();
  }
}

/**
 * Runs the whole task with a free judge, so that errors in the files are found before anything is paid for.
 */
async function checkAgainstNow(
  { judging: { mode }, predictions }: JudgedFilePlan,
  judgePredictions: JudgePredictions,
  partly: PartlyJudged,
  by: JudgedBy,
): Promise<void> {
  const check = checkDone(partly, by, mode);
  await judgePredictions({
    source: predictions(),
    judge: dryRunJudge(),
    concurrency: 1,
    onJudged: (judged) => {
      check.expect(judged.line(by));
    },
  });
  check.finish();
}

async function writeLines(
  file: string,
  { found }: PartlyJudged,
  work: (write: (fields: JudgedFields) => void) => Promise<JudgedCounts>,
): Promise<{ readonly nWritten: number; readonly counts: JudgedCounts }> {
  const lines = carryOnWriting(file, found);
  let nWritten = 0;
  try {
    const counts = await work((fields) => {
      lines.writeLine(jsonLine(fields));
      nWritten += 1;
    });
    return { nWritten, counts };
  } finally {
    lines.close();
  }
}
