import { budgetOf } from '../../config.js';
import { findModel } from '../../runtime/find-model.js';
import { bundledVideos } from '../../scoring/runner/inputs.js';
import { questionPlayer } from '../../scoring/runner/play/play-question.js';
import type { PlaySettings } from '../../scoring/runner/play/settings.js';
import { workAtRedis } from '../../scoring/runner/queue/redis-worker.js';
import { requireRedis } from '../../scoring/runner/queue/redis.js';
import { configOf } from '../flags/config-flags.js';
import { suitedPlace } from '../flags/suited-place.js';
import { oneLine } from '../terminal/exit-code.js';
import { untilInterrupted } from '../terminal/interruption.js';
import { queueUrl } from './flag-values.js';

/** Flags of `duet bench worker`. */
export interface WorkerFlags extends Readonly<Record<string, unknown>> {
  readonly queue: string | true;
  readonly videos?: readonly string[];
  readonly jobs: number;
}

/** Plays questions until interrupted. Throws where no Redis answers, and what opening the model throws. */
export async function work(flags: WorkerFlags): Promise<void> {
  const config = await configOf(flags);
  const redis = { url: queueUrl(flags.queue) };
  await requireRedis(redis);
  await untilInterrupted(async (signal) => {
    const place = await suitedPlace(config, flags.videos === undefined ? 'rendered' : 'real');
    const options = { workers: config.workers, budget: budgetOf(config), onWarning: tell };
    const found = await findModel(place, options);
    const modelFingerprint = await found.fingerprint();
    await using model = await found.load(signal);
    const ffmpegPolicy = {
      trustedSource: flags.videos === undefined,
      allowBundled: config.allowBundledFfmpeg,
    };
    const videos = flags.videos ?? [bundledVideos];
    tell(`waiting for questions to ${model.capabilities.name} (${modelFingerprint}); Ctrl-C to stop`);
    const playerOf = (settings: PlaySettings) => questionPlayer({ model, videos, settings, ffmpegPolicy });
    let played = 0;
    const onDone = (id: string): void => {
      played += 1;
      tell(`${played}: ${id}`);
    };
    await workAtRedis({ redis, modelFingerprint, playerOf, limit: flags.jobs, onDone }, signal);
  });
}

function tell(message: string): void {
  process.stderr.write(`duet: ${oneLine(message)}\n`);
}
