import { defaultModel } from '../../config.js';
import { findModelFolder, openModel } from '../../runtime/find-model.js';
import { questionPlayer } from '../../scoring/runner/play-question.js';
import { workAtRedis } from '../../scoring/runner/queue/redis-worker.js';
import { configOf } from '../config-options.js';
import { oneLine } from '../exit-code.js';
import { untilInterrupted } from '../until-interrupted.js';
import { bundledVideos } from './inputs.js';
import { modelFingerprint } from './model-fingerprint.js';
import { redisOf } from './redis-of.js';
import type { WorkerFlags } from './worker-command.js';

/** Plays questions until interrupted. Throws where no Redis answers, and what opening the model throws. */
export async function work(flags: WorkerFlags): Promise<void> {
  const config = await configOf(flags);
  const redis = await redisOf(flags.queue);
  if (redis === null) return;
  await untilInterrupted(async (signal) => {
    const place = defaultModel(config);
    const fingerprint = await modelFingerprint(findModelFolder(place));
    await using model = await openModel(place, { workers: config.workers, onWarning: tell }, signal);
    const ffmpegPolicy = {
      trustedSource: flags.videos === undefined,
      allowBundled: config.allowBundledFfmpeg,
    };
    const videos = flags.videos ?? [bundledVideos];
    tell(`waiting for questions to ${model.capabilities.name} (${fingerprint}); Ctrl-C to stop`);
    const playerOf = (settings: Parameters<typeof questionPlayer>[0]['settings']) =>
      questionPlayer({ model, videos, settings, ffmpegPolicy });
    let played = 0;
    const onDone = (id: string): void => {
      played += 1;
      tell(`${played}: ${id}`);
    };
    await workAtRedis({ redis, modelFingerprint: fingerprint, playerOf, limit: flags.jobs, onDone }, signal);
  });
}

function tell(message: string): void {
  process.stderr.write(`duet: ${oneLine(message)}\n`);
}
