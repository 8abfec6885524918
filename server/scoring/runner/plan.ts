import { DuetError } from '../../errors.js';
import type { SessionChange } from '../../settings/session-change.js';
import type { Sampler } from '../../video/sampling/sampling-options.js';
import type { Benchmark, GivenRules } from '../benchmark.js';
import { benchmarks } from '../benchmarks/index.js';
import type { JudgingPlan } from '../judges/judging-plan.js';
import type { Mode } from '../mode.js';
import type { Resampling } from '../statistics/bootstrap.js';
import { baselineName, type BaselineRequest } from './play/baselines.js';
import type { SeenFrames } from './play/frames-seen.js';
import type { PresetName } from './play/settings.js';
import type { PredictionFormat } from './runs/predictions.js';

/**
 * A benchmark to run, as plain data: the command line fills it in from its flags, a script by hand. Whatever
 * is left out has the default that is named beside it.
 */
export interface BenchmarkPlan {
  readonly benchmark: Benchmark;
  /** Place of the model: the name of a bundled one, or the path of a folder. */
  readonly model: string;
  /** Threads that run the model; default: one a processor core. */
  readonly workers?: number | undefined;
  /** What is asked about which videos; default: the bundled test set. */
  readonly questions?: QuestionFiles | undefined;
  /** Plays only so many of the questions, from the first on; default: all. */
  readonly limit?: number | undefined;
  /** A split on which a threshold or a rule is chosen; default: none, so that nothing is chosen. */
  readonly development?: QuestionFiles | undefined;
  /** Where everything goes, and where a stopped run goes on; default: `duet-bench/<name>`. */
  readonly folder?: string | undefined;
  /** Whether what was played before is deleted first. */
  readonly restart?: boolean | undefined;
  /** Whether the first video that is missing or broken ends the run. */
  readonly failFast?: boolean | undefined;
  /** Default: what the model's maker recommends. */
  readonly preset?: PresetName | undefined;
  /** What of the preset is changed; without effect where the model does not speak, but for the frame rate. */
  readonly session?: SessionChange | undefined;
  readonly sampler?: Sampler | undefined;
  /** Most frames that are looked at of a video; default: the preset's. */
  readonly maxFrames?: number | undefined;
  /** `realtime` plays at the pace of the videos, which measures delivery; default: `fast`. */
  readonly pacing?: 'fast' | 'realtime' | undefined;
  /** What the model sees; default: the video. */
  readonly frames?: SeenFrames | undefined;
  /** Who speaks when, instead of the model; default: the model, by its policy. */
  readonly baseline?: BaselineRequest | undefined;
  /** Other thresholds of speaking to give figures for; default: none. */
  readonly thresholds?: readonly number[] | undefined;
  /** Questions played at once in this process; default: one a processor core. */
  readonly jobs?: number | undefined;
  /** Shares the work with workers that wait at a Redis; default: all is played here. */
  readonly queue?: WorkQueue | undefined;
  /** Whether the bundled ffmpeg of 2018 may decode videos that are not the bundled ones. */
  readonly allowBundledFfmpeg?: boolean | undefined;
  /** How frame scores stand in the prediction file; default: `current`. */
  readonly predictionFormat?: PredictionFormat | undefined;
  /** Default: `strict`. */
  readonly mode?: Mode | undefined;
  /** What becomes of predictions of questions that nobody annotated; default: `fail`. */
  readonly unknown?: 'fail' | 'skip' | undefined;
  /** Values of the benchmark's rules by name; default: those of its table. */
  readonly rules?: GivenRules | undefined;
  /** How a judge is asked; default: the exact judge for the bundled test set, for others there is none. */
  readonly judging?: JudgingPlan | undefined;
  /** How the interval of the report is found, null for none; default: 1000 resamples. */
  readonly resampling?: Resampling | null | undefined;
  /** Annotation tags by which the report gives means; default: none. */
  readonly sliceBy?: readonly string[] | undefined;
}

/** Annotations, and the folder of the videos they name. */
export interface QuestionFiles {
  readonly annotations: string;
  /** Default: the folder of the annotations. */
  readonly videos?: string | undefined;
}

/** Where workers wait. */
export interface WorkQueue {
  /** As in `redis://:password@host:6379`. */
  readonly url: string;
  /** Whether all of the work is left to the workers. */
  readonly workersOnly: boolean;
}

/**
 * Throws 'invalid_request' for a plan whose parts contradict one another, or of which some would silently be
 * ignored.
 */
export function checkPlan(plan: BenchmarkPlan): void {
  const { benchmark, development, thresholds, baseline } = plan;
  if (plan.frames === 'shuffled' && plan.pacing === 'realtime')
    refuse('--realtime', 'cannot play --frames shuffled: all of a clip must be there before its first frame');
  if (plan.judging?.dryRun === true)
    refuse(
      '--judge-dry-run',
      'needs predictions first: run with --judge lexical, then ' +
        '`duet score --judge-dry-run` on its predictions.jsonl',
    );
  if (baseline !== undefined) checkBaseline(plan, baseline);
  const chooses = thresholds !== undefined || baseline?.type === 'majority';
  if (development !== undefined && !chooses && benchmark.session.speaks)
    refuse(`--dev-annotations ${development.annotations}`, 'needs --sweep: the thresholds to choose from');
}

function checkBaseline(plan: BenchmarkPlan, request: BaselineRequest): void {
  const { name, session } = plan.benchmark;
  const baseline = `--baseline ${baselineName(request)}`;
  if (!session.speaks) {
    const speaking = benchmarks.filter((other) => other.session.speaks).map((other) => other.name);
    const remedy = `it is for ${speaking.join(', ')}`;
    refuse(baseline, `says who speaks when, but ${name} scores frames, not replies; ${remedy}`);
  }
  const flag = withoutEffect(plan, request).find(([, value]) => value !== undefined)?.[0];
  if (flag !== undefined) refuse(flag, `has no effect beside ${baseline}; leave one of them out`);
}

/** The flags of what a baseline leaves nothing to decide, with what the plan says of them. */
function withoutEffect(
  { thresholds, session = {}, frames, pacing }: BenchmarkPlan,
  { type }: BaselineRequest,
): readonly (readonly [flag: string, value: unknown])[] {
  const timing = [
    ['--sweep', thresholds],
    ['--policy', session.policy],
    ['--threshold', session.threshold],
    ['--heads', session.heads],
    ['--cooldown', session.cooldown],
  ] as const;
  if (type !== 'majority') return timing;
  return [
    ...timing,
    ['--keep-turns', session.keepTurns],
    ['--max-reply-tokens', session.maxReplyTokens],
    ['--repetition-penalty', session.repetitionPenalty],
    ['--prompt-layout', session.promptLayout],
    ['--frames', frames],
    ['--realtime', pacing === 'realtime' ? pacing : undefined],
  ];
}

function refuse(flag: string, remedy: string): never {
  throw new DuetError('invalid_request', `${flag} ${remedy}`);
}
