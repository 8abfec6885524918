import { budgetOf } from '../../config.js';
import { DuetError } from '../../errors.js';
import type { Benchmark } from '../../scoring/benchmark.js';
import type { BenchmarkPlan, QuestionFiles, WorkQueue } from '../../scoring/runner/plan.js';
import { estimateRun } from '../../scoring/runner/estimate-run.js';
import { runBenchmark, unplayableMessages } from '../../scoring/runner/run-benchmark.js';
import { configOf } from '../flags/config-flags.js';
import { oneLine } from '../terminal/exit-code.js';
import type { JudgeFlags } from '../judge/judge-flags.js';
import { judgingPlanOf } from '../judge/judging-plan-of.js';
import { formatReport, resamplingOf } from '../terminal/print-report.js';
import { type ReportFlags, unknownRule } from '../flags/report-flags.js';
import { rulesOf } from '../flags/rule-flags.js';
import { suitedPlace } from '../flags/suited-place.js';
import { untilInterrupted } from '../terminal/interruption.js';
import type { RunFlags } from './bench-flags.js';
import { queueUrl } from './flag-values.js';
import type { RunPhase } from '../../scoring/runner/hooks.js';
import { estimateText } from './estimate-text.js';
import { ProgressBar } from '../terminal/progress-bar.js';

/** Every flag of `duet bench <benchmark>`; its rules are among them. */
export type BenchFlags = RunFlags & ReportFlags & JudgeFlags;

/** Runs a benchmark as the flags say, and prints its report. */
export async function runBench(benchmark: Benchmark, flags: BenchFlags): Promise<void> {
  const plan = await planOf(benchmark, flags);
  if (flags.dryRun === true) {
    const estimate = await untilInterrupted((signal) => estimateRun(plan, tell, signal));
    process.stdout.write(`${estimateText(estimate)}\n`);
    return;
  }
  const progress = new RunProgress();
  const onProgress: RunProgress['show'] = (...step) => {
    progress.show(...step);
  };
  const result = await untilInterrupted((signal) =>
    runBenchmark(plan, { signal, onProgress, onWarning: tell }),
  ).finally(() => {
    progress.end();
  });
  unplayableMessages(result.unplayable).forEach(tell);
  process.stdout.write(`${formatReport(result.report, flags)}\n`);
  const [page = '', ...others] = result.files.toReversed();
  const unscored = result.isScored ? '' : '; nothing is scored, since there are no answers';
  tell(`wrote ${others.toReversed().join(', ')} and ${page}${unscored}`);
}

/** The plan made from the flags, the environment and the configuration file. */
export async function planOf(benchmark: Benchmark, flags: BenchFlags): Promise<BenchmarkPlan> {
  const config = await configOf(flags);
  const questions = questionsOf(flags);
  return {
    benchmark,
    // The bundled questions are about rendered clips.
    model: await suitedPlace(config, questions === undefined ? 'rendered' : 'real'),
    workers: config.workers,
    budget: budgetOf(config),
    allowBundledFfmpeg: config.allowBundledFfmpeg,
    questions,
    limit: flags.limit,
    development: developmentOf(flags),
    folder: flags.output,
    restart: flags.restart,
    failFast: flags.failFast,
    preset: flags.preset,
    session: flags,
    sampler: flags.sampler,
    maxFrames: flags.maxFrames,
    pacing: flags.realtime === true ? 'realtime' : 'fast',
    frames: flags.frames,
    baseline: flags.baseline,
    thresholds: flags.sweep,
    jobs: flags.jobs,
    queue: queueOf(flags),
    predictionFormat: flags.predictionFormat,
    mode: flags.mode,
    unknown: unknownRule(flags),
    rules: rulesOf(benchmark, flags),
    judging: judgingOf(benchmark, flags),
    resampling: resamplingOf(flags),
    sliceBy: flags.sliceBy,
  };
}

function questionsOf({ annotations, videos }: RunFlags): QuestionFiles | undefined {
  if (annotations !== undefined) return { annotations, videos };
  if (videos === undefined) return undefined;
  const message = `--videos ${videos} needs --annotations: the questions to ask of the videos`;
  throw new DuetError('invalid_request', message);
}

function developmentOf({ devAnnotations, devVideos }: RunFlags): QuestionFiles | undefined {
  if (devAnnotations !== undefined) return { annotations: devAnnotations, videos: devVideos };
  if (devVideos === undefined) return undefined;
  const message = `--dev-videos ${devVideos} needs --dev-annotations: the questions to ask of the videos`;
  throw new DuetError('invalid_request', message);
}

function queueOf({ queue, onlyQueue }: RunFlags): WorkQueue | undefined {
  if (queue !== undefined) return { url: queueUrl(queue), workersOnly: onlyQueue === true };
  if (onlyQueue !== true) return undefined;
  throw new DuetError('invalid_request', '--only-queue needs --queue: where the workers wait');
}

/**
 * The judge named by the flags; without one, only the bundled test set, which has an exact judge, and
 * benchmarks without a judge can be scored.
 */
function judgingOf({ judging }: Benchmark, flags: BenchFlags): BenchmarkPlan['judging'] {
  const judge = flags.judge ?? (flags.annotations === undefined ? 'exact' : undefined);
  return judging === null || judge === undefined ? undefined : judgingPlanOf({ ...flags, judge });
}

function tell(message: string): void {
  process.stderr.write(`duet: ${oneLine(message)}\n`);
}

/** Shows the progress of a benchmark on a terminal, in questions and, while judging, in ratings. */
class RunProgress {
  readonly #questions = new ProgressBar('questions');
  readonly #ratings = new ProgressBar('ratings');

  /** Shows one step; the bar of a finished phase disappears. */
  show(phase: RunPhase, done: number, total: number): void {
    const bar = phase === 'judging' ? this.#ratings : this.#questions;
    bar.show(phase, done, total);
    if (done >= total) bar.end();
  }

  /** Removes the bars, however the run ended. */
  end(): void {
    this.#questions.end();
    this.#ratings.end();
  }
}
