import { availableParallelism } from 'node:os';
import { Command, Option } from 'commander';
import { addModelOptions } from '../flags/config-flags.js';
import { wholeBetween } from '../flags/number-flags.js';
import type { WorkerFlags } from './work.js';

const example = `
Example:
  duet bench worker --queue redis://first-machine:6379 --videos clips --model ./my-model`;

/** `duet bench worker`: plays questions of benchmarks that other machines run. */
export function workerCommand(): Command {
  const command = new Command('worker')
    .description('play questions of benchmarks that run elsewhere, until interrupted')
    .addOption(
      new Option('--queue [redis]', 'where they wait').default(
        true,
        '$DUET_REDIS_URL, or redis://127.0.0.1:6379',
      ),
    )
    .option('--videos <folder...>', 'where the videos lie (default: the bundled test set)')
    .option('--jobs <n>', 'questions played at once', wholeBetween(1, 256), availableParallelism());
  return addModelOptions(command)
    .addHelpText('after', example)
    .action(async (flags: WorkerFlags) => {
      // Imported here, so that help does not load queue and runtime.
      const { work } = await import('./work.js');
      await work(flags);
    });
}
