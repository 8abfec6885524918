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
 * A benchmark to run, as plain data, filled in from command-line flags or by a script. Fields that are left
 * out have the default named in their comment.
 */
export interface BenchmarkPlan {
  readonly benchmark: Benchmark;
  /** The model: the name of a bundled one, or the path of a folder. */
  readonly model: string;
  /** Threads that run the model; default: one a processor core. */
  readonly workers?: number | undefined;
  /** Most dollars for what is asked of a model behind an API; default: no limit. */
  readonly budget?: number | undefined;
  /** The questions and their videos; default: the bundled test set. */
  readonly questions?: QuestionFiles | undefined;
  /** Plays only this many questions, from the first on; default: all. */
  readonly limit?: number | undefined;
  /** A split to choose a threshold or rule on; default: none, so nothing is chosen. */
  readonly development?: QuestionFiles | undefined;
  /** The output folder, in which a stopped run continues; default: `duet-bench/<name>`. */
  readonly folder?: string | undefined;
  /** Whether to delete the results of earlier runs first. */
  readonly restart?: boolean | undefined;
  /** Whether the first video that is missing or broken ends the run. */
  readonly failFast?: boolean | undefined;
  /** Default: the model's recommended settings. */
  readonly preset?: PresetName | undefined;
  /** Changes to the preset; only those of frame rate and prompt layout apply if the model does not speak. */
  readonly session?: SessionChange | undefined;
  readonly sampler?: Sampler | undefined;
  /** Maximum number of frames to watch of a video; default: the preset's. */
  readonly maxFrames?: number | undefined;
  /** `realtime` plays at the pace of the videos, which measures delivery times; default: `fast`. */
  readonly pacing?: 'fast' | 'realtime' | undefined;
  /** What the model sees; default: the video. */
  readonly frames?: SeenFrames | undefined;
  /** A baseline that replaces the model or its timing; default: none. */
  readonly baseline?: BaselineRequest | undefined;
  /** Other speaking thresholds to report; default: none. */
  readonly thresholds?: readonly number[] | undefined;
  /** Questions played at once in this process; default: one a processor core. */
  readonly jobs?: number | undefined;
  /** A Redis queue to share the work with workers; default: everything is played here. */
  readonly queue?: WorkQueue | undefined;
  /** Whether the bundled ffmpeg of 2018 may decode videos other than the bundled ones. */
  readonly allowBundledFfmpeg?: boolean | undefined;
  /** How frame scores are written to the prediction file; default: `current`. */
  readonly predictionFormat?: PredictionFormat | undefined;
  /** Default: `strict`. */
  readonly mode?: Mode | undefined;
  /** How to treat predictions for questions without an annotation; default: `fail`. */
  readonly unknown?: 'fail' | 'skip' | undefined;
  /** Values of the benchmark's rules by name; default: the benchmark's own defaults. */
  readonly rules?: GivenRules | undefined;
  /** The judge; default: the exact judge for the bundled test set, none for others. */
  readonly judging?: JudgingPlan | undefined;
  /** How to compute the report's interval, null for none; default: 1000 resamples. */
  readonly resampling?: Resampling | null | undefined;
  /** Annotation tags to report means by; default: none. */
  readonly sliceBy?: readonly string[] | undefined;
}

/** Annotations, and the folder of the videos they name. */
export interface QuestionFiles {
  readonly annotations: string;
  /** Default: the folder of the annotations. */
  readonly videos?: string | undefined;
}

/** The queue that workers take questions from. */
export interface WorkQueue {
  /** As in `redis://:password@host:6379`. */
  readonly url: string;
  /** Whether all work is left to the workers. */
  readonly workersOnly: boolean;
}

/**
 * Throws 'invalid_request' for a plan that contradicts itself or has parts that would silently be ignored.
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

/** Flags without effect under a baseline, and their values in the plan. */
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
