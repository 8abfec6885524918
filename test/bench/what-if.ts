/**
 * How far the page's "What if" is from what would really have happened: plays samples at the threshold of
 * their model and at others, and holds what the first run says about each other threshold against the run
 * with it. A reply counts as found where the real run has one within a second.
 *
 *   npm run build && npx tsx test/bench/what-if.ts [samples, default street,kitchen] [thresholds, default
 *   0.05,0.3,0.6]
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { whatIf, type WhatIf } from '../../client/page/what-if/what-if.js';
import { reduce } from '../../client/page/state/reduce.js';
import { emptyView, type DuetView } from '../../client/page/state/view.js';
import { packageFolder } from '../../server/package-folder.js';
import type { ServerMessage } from '../../server/protocol/server-messages.js';

const [samples = 'street,kitchen', thresholds = '0.05,0.3,0.6'] = process.argv.slice(2);

/** What the page would have shown of a run of a sample. */
async function played(sample: string, threshold: number | null): Promise<DuetView> {
  const command = join(packageFolder, 'dist', 'server', 'cli', 'main.js');
  const flags = threshold === null ? [] : ['--threshold', String(threshold)];
  const args = [command, 'watch', sample, '--model', 'duet-nano', '--ask', 'What is happening?', '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, [...args, ...flags], { maxBuffer: 1e9 });
  const messages = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as ServerMessage);
  return messages.reduce(reduce, emptyView);
}

const timesOf = ({ turns }: DuetView): readonly number[] =>
  turns.flatMap((turn) => (turn.type === 'reply' ? [turn.videoTime] : []));

function near(times: readonly number[], others: readonly number[]): number {
  return times.filter((time) => others.some((other) => Math.abs(other - time) <= 1)).length;
}

function line(threshold: number, estimated: WhatIf, real: readonly number[]): string {
  const { times, exactUntil } = estimated;
  const surety = exactUntil === null ? 'exact' : `exact until ${exactUntil.toFixed(1)} s`;
  const found = `${near(times, real)} of ${times.length} were made, ${near(real, times)} of ${real.length} foreseen`;
  return `  threshold ${threshold}: ${times.length} replies expected, ${real.length} made; ${found} (${surety})`;
}

for (const sample of samples.split(',')) {
  const recorded = await played(sample, null);
  const { settings } = recorded;
  if (settings?.policy.type !== 'threshold') throw new Error(`${sample} is not watched with a threshold`);
  const same = whatIf(recorded, settings).times.join() === timesOf(recorded).join();
  console.log(
    `${sample}, threshold ${settings.policy.threshold}: the same settings give ${same ? 'the same' : 'OTHER'} replies`,
  );
  for (const threshold of thresholds.split(',').map(Number)) {
    const policy = { ...settings.policy, threshold };
    const real = await played(sample, threshold);
    console.log(line(threshold, whatIf(recorded, { ...settings, policy }), timesOf(real)));
  }
}
