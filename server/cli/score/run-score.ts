import { DuetError } from '../../errors.js';
import type { Benchmark } from '../../scoring/benchmark.js';
import { scoreFiles, type ScoringPlan } from '../../scoring/score.js';
import { requireDistinctFile } from '../judge/distinct-file.js';
import type { JudgeFlags } from '../judge/judge-flags.js';
import { judgingPlanOf } from '../judge/judging-plan-of.js';
import { printEstimate } from '../judge/print-judged.js';
import { withJudgingProgress } from '../judge/judging-progress.js';
import { rulesOf } from '../flags/rule-flags.js';
import { printReport } from '../terminal/print-report.js';
import { unknownRule, type ReportFlags } from '../flags/report-flags.js';

/** Flags of `duet score <benchmark>`; its rules are among them. */
export interface ScoreFlags extends ReportFlags, JudgeFlags, Readonly<Record<string, unknown>> {
  readonly mode: ReportFlags['mode'];
  readonly pred?: string;
  readonly gold?: string;
  readonly judged?: string;
  readonly saveJudged?: string;
  readonly devPred?: string;
  readonly devGold?: string;
}

/** Scores the files named by the flags; returns the text to print. */
export async function runScore(
  benchmark: Benchmark,
  flags: ScoreFlags,
  signal: AbortSignal,
): Promise<string> {
  if (flags.judged !== undefined) return scoreJudged(benchmark, flags, flags.judged);
  const { saveJudged } = flags;
  if (saveJudged !== undefined) requireDistinctFile(['--save-judged', saveJudged], inputsOf(flags));
  const plan: ScoringPlan = {
    benchmark,
    annotations: needed(flags.gold, '--gold'),
    predictions: needed(flags.pred, '--pred'),
    mode: flags.mode,
    unknown: unknownRule(flags),
    rules: rulesOf(benchmark, flags),
    development: developmentOf(flags),
    judging: benchmark.judging === null ? null : judgingPlanOf(flags),
    saveJudged: saveJudged ?? null,
  };
  const outcome = await withJudgingProgress((onProgress) => scoreFiles(plan, { onProgress, signal }));
  switch (outcome.type) {
    case 'scored':
      return printReport(outcome.report, flags);
    case 'estimated':
      return printEstimate(outcome.judge, outcome.estimate, flags.json === true || flags.format === 'json');
  }
}

/** The files that are read, by flag. */
function inputsOf({ pred, gold, judge }: ScoreFlags): Readonly<Record<string, string | undefined>> {
  const recording = judge?.startsWith('recorded:') === true ? judge.slice('recorded:'.length) : undefined;
  return { '--pred': pred, '--gold': gold, '--judge': recording };
}

function developmentOf({
  devPred,
  devGold,
}: ScoreFlags): { predictions: string; annotations: string } | null {
  if (devPred === undefined && devGold === undefined) return null;
  if (devPred !== undefined && devGold !== undefined) return { predictions: devPred, annotations: devGold };
  throw new DuetError('invalid_request', '--dev-pred and --dev-gold belong together; give both');
}

/** Flags that say what is judged and how, by name. */
const settledByFile = {
  pred: '--pred',
  judge: '--judge',
  saveJudged: '--save-judged',
  concat: '--concat (give it to duet judge)',
  judgeSwap: '--judge-swap (give it to duet judge)',
  secondJudge: '--second-judge (give it to duet score --judge)',
  judgeDryRun: '--judge-dry-run',
  judgeBudget: '--judge-budget',
};

async function scoreJudged(benchmark: Benchmark, flags: ScoreFlags, file: string): Promise<string> {
  const superfluous = Object.entries(settledByFile).find(([name]) => name in flags);
  if (superfluous !== undefined) {
    const message =
      `--judged cannot be used with ${superfluous[1]}: who judged, and ` +
      'what, is settled in the file; leave it out';
    throw new DuetError('invalid_request', message);
  }
  if (benchmark.scoreJudgedFile === null) {
    throw new DuetError('unsupported', `${benchmark.name}: judged files of it cannot be scored`);
  }
  const { mode, gold: annotations = null } = flags;
  const request = { annotations, mode, unknown: unknownRule(flags), rules: rulesOf(benchmark, flags) };
  return printReport(await benchmark.scoreJudgedFile(file, request), flags);
}

function needed(value: string | undefined, flag: string): string {
  if (value !== undefined) return value;
  throw new DuetError('invalid_request', `required option '${flag} <file>' not specified`);
}
