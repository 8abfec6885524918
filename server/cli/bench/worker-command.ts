import { availableParallelism } from 'node:os';
import { Command } from 'commander';
import { findModelFolder, openModel } from '../../main.js';
import { questionPlayer } from '../../scoring/bench/play-question.js';
import { workAtRedis } from '../../scoring/bench/queue/redis-worker.js';
import { addModelOptions, configOf } from '../config-options.js';
import { oneLine } from '../exit-code.js';
import { wholeBetween } from '../number-option.js';
import { untilInterrupted } from '../until-interrupted.js';
import { modelFingerprint } from './model-fingerprint.js';
import { redisOf } from './redis-of.js';
import { bundledVideos } from './inputs.js';

interface Flags extends Readonly<Record<string, unknown>> {
  readonly queue: string | true;
  readonly videos?: readonly string[];
  readonly jobs: number;
}

const example = `
Example, on every further machine, with the same model and the same videos:
  duet bench worker --queue redis://first-machine:6379 --videos clips --model ./my-model`;

/** `duet bench worker`: plays questions of benchmarks that other machines run. */
export function workerCommand(): Command {
  const command = new Command('worker')
    .description('play questions of benchmarks that run elsewhere, until interrupted')
    .option('--queue [redis]', 'where they wait (default: $DUET_REDIS_URL, redis://127.0.0.1:6379)', true)
    .option('--videos <folder...>', 'where the videos lie (default: the bundled test set)')
    .option('--jobs <n>', 'questions played at once', wholeBetween(1, 256), availableParallelism());
  return addModelOptions(command).addHelpText('after', example).action(work);
}

async function work(flags: Flags): Promise<void> {
  const config = await configOf(flags);
  const redis = await redisOf(flags.queue);
  if (redis === null) return;
  await untilInterrupted(async (signal) => {
    const fingerprint = await modelFingerprint(findModelFolder(config.model));
    await using model = await openModel(config, tell, signal);
    const ffmpegPolicy = {
      trustedSource: flags.videos === undefined,
      allowBundled: config.allowBundledFfmpeg,
    };
    const videos = flags.videos ?? [bundledVideos];
    tell(`waiting for questions to ${model.description.name} (${fingerprint}); Ctrl-C to stop`);
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
