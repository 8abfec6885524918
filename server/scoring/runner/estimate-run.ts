import { DuetError } from '../../errors.js';
import { pictureShapeFor } from '../../runtime/capabilities.js';
import { findModel } from '../../runtime/find-model.js';
import type { ModelCosts } from '../../runtime/spending-figures.js';
import { openVideo } from '../../video/open-video.js';
import type { BenchmarkInput } from './inputs.js';
import type { BenchmarkPlan } from './plan.js';
import { findVideo } from './play/find-video.js';
import { playSettings, type PlaySettings } from './play/settings.js';
import { prepareBenchmark } from './prepare.js';

/**
 * What a plan would take, with a model that costs something a request: nothing is played and nobody is asked.
 * Throws 'invalid_request' for a model that costs nothing, and what preparing the plan and opening its videos throw.
 */
export async function estimateRun(
  plan: BenchmarkPlan,
  onWarning: (message: string) => void,
  signal: AbortSignal,
): Promise<RunEstimate> {
  const { inputs } = await prepareBenchmark(plan, signal);
  const model = await findModel(plan.model, { onWarning });
  const { costs, capabilities } = model;
  if (costs === undefined) {
    const message = `${plan.model} runs on this machine, so that there is nothing to estimate: leave out --dry-run`;
    throw new DuetError('invalid_request', message);
  }
  const settings = playSettings(plan, capabilities);
  const { session, sampler } = settings;
  const open = async (path: string, trustedSource: boolean): Promise<number> => {
    const ffmpegPolicy = { trustedSource, allowBundled: plan.allowBundledFfmpeg === true };
    const shape = pictureShapeFor(capabilities);
    const sampling = { ...shape, fps: session.fps, sampler, pacing: 'fast', ffmpegPolicy } as const;
    await using stream = await openVideo({ type: 'file', path }, sampling, signal);
    return stream.info.duration ?? 0;
  };
  let [questions, frames] = [0, 0];
  for (const input of [inputs.test, inputs.development]) {
    if (input === null) continue;
    questions += input.questions.length;
    frames += await framesOf(input, settings, (path) => open(path, input.bundled));
  }
  return { questions, frames, costs };
}

/** What a run would take at most, besides replies. */
export interface RunEstimate {
  readonly questions: number;
  /** Of all questions, as many as are sampled. */
  readonly frames: number;
  readonly costs: ModelCosts;
}

async function framesOf(
  { videos, questions }: BenchmarkInput,
  { session, maxFrames }: PlaySettings,
  secondsIn: (path: string) => Promise<number>,
): Promise<number> {
  const seconds = new Map<string, number>();
  let frames = 0;
  for (const { video } of questions) {
    const path = findVideo([videos], video);
    const length = seconds.get(path) ?? (await secondsIn(path));
    seconds.set(path, length);
    frames += Math.min(maxFrames ?? Infinity, Math.ceil(length * session.fps));
  }
  return frames;
}
