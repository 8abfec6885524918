import { DuetError } from '../../errors.js';
import { pictureShapeFor } from '../../runtime/capabilities.js';
import { findModel } from '../../runtime/find-model.js';
import type { ModelCosts } from '../../runtime/spending-figures.js';
import { openVideo } from '../../video/open-video.js';
import type { SessionSettings } from '../../settings/session-settings.js';
import type { BenchmarkInput } from './inputs.js';
import type { BenchmarkPlan } from './plan.js';
import { findVideo } from './play/find-video.js';
import { playSettings, type PlaySettings } from './play/settings.js';
import { prepareBenchmark } from './prepare.js';

/**
 * What a plan would take, with a model that costs something a request: nothing is played and nobody is asked.
 * Throws 'invalid_request' for a model that costs nothing, and what preparing the plan and opening its videos
 * throw.
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
  const talk = talkOf(session);
  let [questions, frames, looks, replies] = [0, 0, 0, 0];
  for (const input of [inputs.test, inputs.development]) {
    if (input === null) continue;
    for (const seconds of await lengthsOf(input, settings, (path) => open(path, input.bundled))) {
      const sampled = Math.ceil(seconds * session.fps);
      const looked = Math.min(sampled, Math.ceil(seconds * (costs.looksPerSecond ?? Infinity)));
      questions += 1;
      frames += sampled;
      looks += looked;
      replies += Math.min(looked, Math.ceil(seconds / talk.everySeconds));
    }
  }
  return { questions, frames, looks, replies, talk: talk.told, costs };
}

/** What a run would take at most. */
export interface RunEstimate {
  readonly questions: number;
  /** Of all questions, as many as are sampled. */
  readonly frames: number;
  /** Frames about which the model may be asked. */
  readonly looks: number;
  /** As many as its settings let it make. */
  readonly replies: number;
  /** What the number of replies goes by. */
  readonly talk: string;
  readonly costs: ModelCosts;
}

/** How often a session speaks at most: by the talk rate that it aims at, or else by what holds it back. */
function talkOf({ talkRate, cooldown, replyBudget }: SessionSettings): {
  readonly everySeconds: number;
  readonly told: string;
} {
  if (talkRate > 0) return { everySeconds: 60 / talkRate, told: `${talkRate} replies a minute (talk rate)` };
  const budgeted = replyBudget > 0 ? 60 / replyBudget : 0;
  const everySeconds = Math.max(cooldown, budgeted);
  if (everySeconds === 0) return { everySeconds, told: 'a reply at every look' };
  const setting = everySeconds === cooldown ? 'cooldown' : 'reply budget';
  return {
    everySeconds,
    told: `a reply at every look, but for ${everySeconds} s after another (${setting})`,
  };
}

/** Seconds that are watched for each question. */
async function lengthsOf(
  { videos, questions }: BenchmarkInput,
  { session, maxFrames }: PlaySettings,
  secondsIn: (path: string) => Promise<number>,
): Promise<readonly number[]> {
  const most = (maxFrames ?? Infinity) / session.fps;
  const known = new Map<string, number>();
  const lengths: number[] = [];
  for (const { video } of questions) {
    const path = findVideo([videos], video);
    const length = known.get(path) ?? (await secondsIn(path));
    known.set(path, length);
    lengths.push(Math.min(most, length));
  }
  return lengths;
}
