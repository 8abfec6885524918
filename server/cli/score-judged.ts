import { DuetError } from '../errors.js';
import type { PredictionSource } from '../scoring/data/match-predictions.js';
import { readQaAnnotations } from '../scoring/data/qa-annotations.js';
import type { Judge, JudgeIdentity } from '../scoring/judges/judge.js';
import { judgedBy } from '../scoring/judges/judged-by.js';
import type { JudgingEstimate } from '../scoring/judges/asking/estimate.js';
import { judgedLine } from '../scoring/benchmarks/magqa/judged-line.js';
import { magqaReport } from '../scoring/benchmarks/magqa/magqa-report.js';
import type { MagqaOptions } from '../scoring/benchmarks/magqa/options.js';
import { scoreJudged } from '../scoring/benchmarks/magqa/score-judged.js';
import { scoreMagqa, type MagqaInput, type MagqaResult } from '../scoring/benchmarks/magqa/score-magqa.js';
import { readProactiveAnnotations } from '../scoring/benchmarks/proactive/pauc-annotations.js';
import { paucReport } from '../scoring/benchmarks/proactive/pauc-report.js';
import { scorePauc } from '../scoring/benchmarks/proactive/score-pauc.js';
import type { TaskReport } from '../scoring/report/report.js';
import type { JudgeFlags } from './judge/judge-flags.js';
import { requireOwnFile } from './judge/distinct-files.js';
import { runJudged } from './judge/run-judged.js';
import { missingRule, openForWriting, predictionsIn, unknownRule } from './score-files.js';
import { readLabelled, withUnlabelled } from './score-gold.js';
import type { ReportFlags, SharedFlags } from './score-flags.js';

/** Flags of `score magqa`. */
export interface MagqaFlags extends ReportFlags, JudgeFlags {
  readonly mode: ReportFlags['mode'];
  readonly pred?: string;
  readonly gold?: string;
  readonly judged?: string;
  readonly numExamples?: number;
  readonly pad: boolean;
  readonly allMatch: boolean;
  readonly concat?: true;
  readonly saveJudged?: string;
}

/** Flags of `score pauc`. */
export interface PaucFlags extends SharedFlags, JudgeFlags {
  readonly mode: SharedFlags['mode'];
  readonly missing?: 'zero' | 'skip';
  readonly omega: number;
}

/** A scored run, or what judging it would take. */
export type ScoredOrEstimated =
  | { readonly type: 'scored'; readonly report: TaskReport }
  | { readonly type: 'estimated'; readonly judge: JudgeIdentity; readonly estimate: JudgingEstimate };

/**
 * Scores the files of `score magqa`. `predictions` opens what is scored, once for every reading; `onJudged`
 * is called with every example.
 */
export async function runMagqa(
  flags: MagqaFlags,
  signal: AbortSignal,
  predictions: () => PredictionSource = () => predictionsIn(needed(flags.pred, '--pred'), false),
  onJudged?: MagqaInput['onJudged'],
): Promise<ScoredOrEstimated> {
  if (flags.judged !== undefined) return scoreJudgedFile(flags, flags.judged);
  if (flags.saveJudged !== undefined) {
    requireOwnFile(['--save-judged', flags.saveJudged], inputsOf(flags));
  }
  const gold = await readLabelled(needed(flags.gold, '--gold'), (file) =>
    readQaAnnotations(file, flags.mode),
  );
  const inputFor = (judge: Judge, concurrency: number): MagqaInput => {
    return { source: predictions(), gold, judge, options: optionsOf(flags, concurrency) };
  };
  const { saveJudged, judgeSwap } = flags;
  const outcome = await runJudged(flags, signal, {
    dryRun: (judge) => scoreMagqa(inputFor(judge, 1)),
    score: (judge, concurrency) => {
      const input = inputFor(judge, concurrency);
      if (saveJudged !== undefined) return scoreAndSave(input, saveJudged, judgeSwap);
      return scoreMagqa(onJudged === undefined ? input : { ...input, onJudged });
    },
  });
  if (outcome.type === 'estimated') return outcome;
  const { result, judge, judging } = outcome;
  const report = magqaReport(result, judge, optionsOf(flags, 1), judging);
  return { type: 'scored', report: withUnlabelled(report, gold) };
}

/** The files that are read, by flag. */
function inputsOf({ pred, gold, judge }: MagqaFlags): Readonly<Record<string, string | undefined>> {
  const recording = judge?.startsWith('recorded:') === true ? judge.slice('recorded:'.length) : undefined;
  return { '--pred': pred, '--gold': gold, '--judge': recording };
}

/** Flags that say what is judged and how, by name. */
const decidedByFile = {
  pred: '--pred',
  judge: '--judge',
  saveJudged: '--save-judged',
  concat: '--concat (give it to duet judge)',
  judgeSwap: '--judge-swap (give it to duet judge)',
  secondJudge: '--second-judge (give it to duet score --judge)',
  judgeDryRun: '--judge-dry-run',
  judgeBudget: '--judge-budget',
};

async function scoreJudgedFile(flags: MagqaFlags, file: string): Promise<ScoredOrEstimated> {
  const superfluous = Object.entries(decidedByFile).find(([name]) => name in flags);
  if (superfluous !== undefined) {
    const message =
      `--judged cannot be used with ${superfluous[1]}: who judged, and ` +
      'what, is settled in the file; leave it out';
    throw new DuetError('invalid_request', message);
  }
  const gold = flags.gold === undefined ? null : await readQaAnnotations(flags.gold, flags.mode);
  const options = optionsOf(flags, 1);
  const { result, judge } = await scoreJudged(file, gold, options);
  const report = magqaReport(result, judge, options);
  const note =
    'no annotations were given, so questions nobody predicted are not known; give --gold to count them';
  return { type: 'scored', report: gold === null ? { ...report, notes: [...report.notes, note] } : report };
}

function optionsOf(flags: MagqaFlags, concurrency: number): MagqaOptions {
  return {
    mode: flags.mode,
    numExamples: flags.numExamples ?? null,
    allMatch: flags.allMatch,
    pad: flags.pad,
    concat: flags.concat === true,
    unknown: unknownRule(flags),
    concurrency,
  };
}

/** Writes every judged example as soon as it is judged; `compat` leaves silent ones out, as published. */
async function scoreAndSave(
  input: MagqaInput,
  file: string,
  swap: JudgeFlags['judgeSwap'],
): Promise<MagqaResult> {
  const judgedFile = openForWriting(file);
  const judge = judgedBy(input.judge, input.options.mode, swap ?? 'off');
  try {
    return await scoreMagqa({
      ...input,
      onJudged: (example) => {
        if (input.options.mode === 'compat' && example.score.turns === 0) return;
        judgedFile.writeLine(judgedLine(example, judge));
      },
    });
  } finally {
    judgedFile.close();
  }
}

/** Scores the files of `score pauc`. `predictions` opens what is scored, once for every reading. */
export async function runPauc(
  flags: PaucFlags,
  signal: AbortSignal,
  predictions: () => PredictionSource = () => predictionsIn(flags.pred, false),
): Promise<ScoredOrEstimated> {
  const options = {
    mode: flags.mode,
    unknown: unknownRule(flags),
    missing: missingRule(flags) === 'zero' ? ('silent' as const) : ('skip' as const),
    omega: flags.omega,
  };
  const gold = await readLabelled(flags.gold, (file) => readProactiveAnnotations(file, flags.mode));
  const score = (judge: Judge, concurrency: number) =>
    scorePauc(predictions(), gold, judge, { ...options, concurrency });
  const outcome = await runJudged(flags, signal, { dryRun: (judge) => score(judge, 1), score });
  if (outcome.type === 'estimated') return outcome;
  const { result, judge, judging } = outcome;
  return { type: 'scored', report: withUnlabelled(paucReport(result, judge, options, judging), gold) };
}

function needed(value: string | undefined, flag: string): string {
  if (value !== undefined) return value;
  throw new DuetError('invalid_request', `required option '${flag} <file>' not specified`);
}
