import { availableParallelism } from 'node:os';
import { findModel } from '../../runtime/find-model.js';
import type { DuetModel } from '../../runtime/model.js';
import type { AnswerMemory } from './runs/answer-memory.js';
import type { BenchmarkInput, BenchmarkInputs } from './inputs.js';
import type { RunIdentity } from './runs/journal.js';
import type { BenchmarkPlan, WorkQueue } from './plan.js';
import { playsFromGold } from './play/baselines.js';
import type { Player } from './play/open-question.js';
import { questionPlayer } from './play/play-question.js';
import type { PlaySettings } from './play/settings.js';
import type { SharedRun } from './queue/play-over-redis.js';
import { playHere, type PlayAll } from './runs/run.js';
import type { PlayableSplit } from './runs/threshold-runs.js';

/** The model that plays questions, where it runs, and how many it plays at once. */
export interface PlayResources {
  readonly model: DuetModel;
  readonly modelFingerprint: string;
  readonly allowBundledFfmpeg: boolean;
  /** Questions played at once in this process. */
  readonly jobs: number;
  /** The queue of the workers; null to play in this process only. */
  readonly queue: WorkQueue | null;
  readonly onWarning: (message: string) => void;
  /** Answers of other runs of this process; null to play everything. */
  readonly memory: AnswerMemory | null;
}

/** Opens the model of a plan, and decides where its questions are played. Throws what opening throws. */
export async function openResources(
  { model: place, workers, budget, jobs, queue, allowBundledFfmpeg }: BenchmarkPlan,
  memory: AnswerMemory | null,
  onWarning: (message: string) => void,
  signal: AbortSignal,
): Promise<PlayResources> {
  const found = await findModel(place, { ...(workers !== undefined && { workers }), budget, onWarning });
  const modelFingerprint = await found.fingerprint();
  const model = await found.load(signal);
  return {
    ...{ model, modelFingerprint, memory, onWarning, queue: queue ?? null },
    allowBundledFfmpeg: allowBundledFfmpeg === true,
    jobs: queue?.workersOnly === true ? 0 : (jobs ?? availableParallelism()),
  };
}

/** The questions of an input, with a way to play them. */
export function playableSplit(input: BenchmarkInput, resources: PlayResources): PlayableSplit {
  const identityOf = (settings: PlaySettings): RunIdentity => identity(input, resources, settings);
  const playerOf = (settings: PlaySettings): PlayAll => {
    const { queue, modelFingerprint, jobs, memory, onWarning } = resources;
    if (queue !== null) {
      const run = { redis: queue, modelFingerprint, identity: identityOf(settings), settings };
      return overQueue({ ...run, onWarning });
    }
    const play = playHere(questionPlayer(playerFor(input, resources, settings)), jobs);
    return memory?.around(identityOf(settings), play) ?? play;
  };
  return { questions: input.questions, playerOf, identityOf };
}

/** Loads the queue only when needed: most runs have none, and its library is large. */
function overQueue(run: SharedRun): PlayAll {
  return async function* (questions, signal) {
    const { playOverRedis } = await import('./queue/play-over-redis.js');
    yield* playOverRedis(run)(questions, signal);
  };
}

/** A player of the videos of an input. */
export function playerFor(
  { videos, bundled }: Pick<BenchmarkInput, 'videos' | 'bundled'>,
  { model, allowBundledFfmpeg }: Pick<PlayResources, 'model' | 'allowBundledFfmpeg'>,
  settings: PlaySettings,
): Player {
  return {
    model,
    videos: [videos],
    settings,
    ffmpegPolicy: { trustedSource: bundled, allowBundled: allowBundledFfmpeg },
  };
}

/** Everything that affects a prediction, flat, so that a difference can be named. */
function identity(
  { questionsHash, goldHash }: BenchmarkInput,
  { modelFingerprint }: PlayResources,
  { session, ...others }: PlaySettings,
): RunIdentity {
  const gold = playsFromGold(others.baseline) ? { gold: goldHash } : {};
  return { model: modelFingerprint, questions: questionsHash, ...gold, ...others, ...session };
}

/**
 * Runs `wait`, which waits for questions in the queue, while this process plays some of them itself. Without
 * a queue it only runs `wait`.
 */
export async function whilePlayingFromQueue<Result>(
  { test, development }: BenchmarkInputs,
  resources: PlayResources,
  signal: AbortSignal,
  wait: () => Promise<Result>,
): Promise<Result> {
  const { queue: redis, modelFingerprint, jobs: limit } = resources;
  if (redis === null || limit === 0) return wait();
  const { workAtRedis } = await import('./queue/redis-worker.js');
  const videos = [test.videos, ...(development === null ? [] : [development.videos])];
  const done = new AbortController();
  const playerOf = (settings: PlaySettings) =>
    questionPlayer({ ...playerFor(test, resources, settings), videos });
  const plan = { redis, modelFingerprint, playerOf, limit, onDone: () => undefined };
  const work = workAtRedis(plan, AbortSignal.any([signal, done.signal]));
  // Awaited below; a failure must not count as unhandled until then.
  work.catch(() => undefined);
  try {
    return await wait();
  } finally {
    done.abort();
    await work;
  }
}
