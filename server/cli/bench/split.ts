import type { DuetModel } from '../../runtime/model.js';
import { playsFromGold } from '../../scoring/runner/baselines/baseline.js';
import type { RunIdentity } from '../../scoring/runner/journal.js';
import { playHere, type PlayAll } from '../../scoring/runner/play-all.js';
import type { Player } from '../../scoring/runner/open-question.js';
import { questionPlayer } from '../../scoring/runner/play-question.js';
import type { PlayableSplit } from '../../scoring/runner/playing.js';
import type { SharedRun } from '../../scoring/runner/queue/play-over-redis.js';
import type { RedisAddress } from '../../scoring/runner/queue/redis.js';
import type { PlaySettings } from '../../scoring/runner/settings.js';
import type { BenchInput } from './inputs.js';
import type { PlayMemory } from './play-memory.js';

/** Where and with what questions are played. */
export interface Playground {
  readonly model: DuetModel;
  readonly modelFingerprint: string;
  readonly allowBundledFfmpeg: boolean;
  /** Questions played at once in this process. */
  readonly jobs: number;
  /** Null to play in this process. */
  readonly redis: RedisAddress | null;
  /** What other runs of this process played; absent to play everything. */
  readonly memory?: PlayMemory;
}

/** The questions of an input, with the way to play them. */
export function playableSplit(input: BenchInput, ground: Playground): PlayableSplit {
  const identityOf = (settings: PlaySettings): RunIdentity => identity(input, ground, settings);
  const playerOf = (settings: PlaySettings): PlayAll => {
    const { redis, modelFingerprint, jobs } = ground;
    if (redis === null) {
      const play = playHere(questionPlayer(playerFor(input, ground, settings)), jobs);
      return ground.memory?.around(identityOf(settings), play) ?? play;
    }
    return overQueue({ redis, modelFingerprint, identity: identityOf(settings), settings });
  };
  return { questions: input.questions, playerOf, identityOf };
}

/** Most runs have no queue, and its library is large. */
function overQueue(run: SharedRun): PlayAll {
  return async function* (questions, signal) {
    const { playOverRedis } = await import('../../scoring/runner/queue/play-over-redis.js');
    yield* playOverRedis(run)(questions, signal);
  };
}

/** A player of the videos of an input. */
export function playerFor(
  { videos, bundled }: Pick<BenchInput, 'videos' | 'bundled'>,
  { model, allowBundledFfmpeg }: Pick<Playground, 'model' | 'allowBundledFfmpeg'>,
  settings: PlaySettings,
): Player {
  return {
    model,
    videos: [videos],
    settings,
    ffmpegPolicy: { trustedSource: bundled, allowBundled: allowBundledFfmpeg },
  };
}

/** All that shapes a prediction, flat, so that a difference can be named. */
function identity(
  { questionsHash, goldHash }: BenchInput,
  { modelFingerprint }: Playground,
  { session, ...others }: PlaySettings,
): RunIdentity {
  const gold = playsFromGold(others.baseline) ? { gold: goldHash } : {};
  return { model: modelFingerprint, questions: questionsHash, ...gold, ...others, ...session };
}
