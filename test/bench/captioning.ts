// What `duet caption` costs on videos of yours, one and two at a time and by key frames only, and how many
// captions key frames keep: npm run build && npx tsx test/bench/captioning.ts VIDEO... [-- flags of duet
// caption]
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { packageFolder } from '../../server/package-folder.js';

const plans = [
  ['--jobs', '1'],
  ['--jobs', '2'],
  ['--jobs', '1', '--sampler', 'keyframes'],
];

/** Captions with the same words count as one if they are at most so many seconds apart. */
const sameWithin = 2;

const captionFile = z.object({ captions: z.array(z.object({ to: z.number(), text: z.string() })) });
type Captions = readonly (readonly { readonly to: number; readonly text: string }[])[];

/**
 * Captions the videos into an empty folder, with the processor time of the command and the ffmpegs it
 * started.
 */
async function measured(args: readonly string[]): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), 'duet-captioning-'));
  try {
    const command = [join(packageFolder, 'dist/server/cli/main.js'), 'caption', ...args, '-o', folder];
    const startedAt = performance.now();
    const shell = ['-c', '"$@" >/dev/null 2>&1 || exit; times', 'sh', process.execPath, ...command];
    const { stdout } = await promisify(execFile)('sh', shell);
    const seconds = (performance.now() - startedAt) / 1000;
    const [, ofChildren = ''] = stdout.trim().split('\n');
    const used = [...ofChildren.matchAll(/(\d+)m([\d.]+)s/g)];
    const processor = used.reduce((sum, [, minutes, rest]) => sum + 60 * Number(minutes) + Number(rest), 0);
    const files = (await readdir(folder)).filter((file) => file.endsWith('.json')).sort();
    const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
    return {
      seconds,
      processor,
      captions: texts.map((text) => captionFile.parse(JSON.parse(text)).captions),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Measured {
  readonly seconds: number;
  readonly processor: number;
  /** Of each video. */
  readonly captions: Captions;
}

/** How many of the captions are among others, each of which counts once. */
function shared(captions: Captions, others: Captions): number {
  const kept = captions.map((own, video) => {
    const left = [...(others[video] ?? [])];
    return own.filter(({ to, text }) => {
      const found = left.findIndex((other) => other.text === text && Math.abs(other.to - to) <= sameWithin);
      return found >= 0 && left.splice(found, 1).length > 0;
    }).length;
  });
  return kept.reduce((sum, count) => sum + count, 0);
}

const split = process.argv.indexOf('--', 2);
const [videos, flags] =
  split < 0 ? [process.argv.slice(2), []] : [process.argv.slice(2, split), process.argv.slice(split + 1)];
let first: Measured | null = null;
for (const plan of plans) {
  const run = await measured([...videos.map((video) => resolve(video)), ...plan, ...flags]);
  first ??= run;
  const total = run.captions.flat().length;
  const times = `${run.seconds.toFixed(1)} s, of the processor ${run.processor.toFixed(1)} s`;
  const alike = `${shared(run.captions, first.captions)} as with ${plans[0]?.join(' ') ?? ''}`;
  console.log(`${plan.join(' ')}: ${times}; ${total} captions, ${alike}`);
}
