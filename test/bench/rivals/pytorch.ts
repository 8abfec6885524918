import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildModel } from '../../../server/builder/build-model.js';
import { loadModel } from '../../../server/runtime/load-model.js';
import type { DuetModel } from '../../../server/runtime/model.js';
import type { Picture } from '../../../server/video/frame.js';
import type { Benchmark, BenchOptions, Measurement } from '../measurement.js';
import { spread } from '../measurement.js';
import { bundledClips, nanoFolder, picturesOf } from '../nano.js';
import { plainSettings, playOurs } from './our-session.js';
import { NoRival, PythonRival, rivalKinds, type Played } from './python-rival.js';

/**
 * One long session over the frames of all bundled clips, already decoded: ours, through worker, policy and
 * log, and the same checkpoint in PyTorch. All have the same threads, and take turns; those that compute in
 * float32 must say the same.
 */
export const benchmark: Benchmark = {
  name: 'pytorch',
  run: async (options) => {
    const folder = await mkdtemp(join(tmpdir(), 'duet-bench-'));
    const opened: AsyncDisposable[] = [];
    try {
      return await compare(await openPlayers(folder, options, opened), options);
    } catch (error) {
      if (!(error instanceof NoRival)) throw error;
      return [{ name: 'pytorch', value: NaN, unit: '', note: `left out: ${error.message}` }];
    } finally {
      for (const each of opened) await each[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    }
  },
};

/** Somebody who plays the session, or only so many of its first frames. */
interface Player {
  readonly name: string;
  readonly play: (most: number) => Promise<Played>;
}

const checkpoint = join(nanoFolder, 'checkpoint');

async function openPlayers(
  folder: string,
  { threads }: BenchOptions,
  opened: AsyncDisposable[],
): Promise<readonly Player[]> {
  const players: Player[] = [];
  let pictures: readonly Picture[] = [];
  const framesFile = join(folder, 'frames.rgb');
  for (const precision of ['fp32', 'int8'] as const) {
    const output = join(folder, precision);
    await buildModel({ checkpoint, precision, output });
    const model = await loadModel(output, { workers: 1, threadsPerWorker: threads });
    opened.push(model);
    if (pictures.length === 0) {
      for (const clip of await bundledClips())
        pictures = [...pictures, ...(await picturesOf(clip, model.capabilities))];
      await writeFile(framesFile, Buffer.concat(pictures.map(({ rgb }) => rgb)));
    }
    players.push({ name: `ours ${precision}`, play: (most) => playOurs(model, pictures.slice(0, most)) });
    if (precision === 'int8') players.push(...(await openRivals(model, framesFile, threads, opened)));
  }
  return players;
}

async function openRivals(
  model: DuetModel,
  frames: string,
  threads: number,
  opened: AsyncDisposable[],
): Promise<readonly Player[]> {
  const { policy, heads, cooldown, fps } = plainSettings(model);
  if (policy.type !== 'threshold')
    throw new Error(`the rivals know policy threshold only, not ${policy.type}`);
  const command = { frames, heads, threshold: policy.threshold, cooldown, fps };
  const players: Player[] = [];
  for (const kind of rivalKinds) {
    const rival = await PythonRival.start(kind, checkpoint, threads);
    opened.push(rival);
    players.push({ name: rival.name, play: (most) => rival.play({ ...command, most }) });
  }
  return players;
}

async function compare(
  players: readonly Player[],
  { rounds }: BenchOptions,
): Promise<readonly Measurement[]> {
  for (const player of players) await player.play(warmUpFrames);
  const runs = new Map<string, Played[]>(players.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, play } of players) runs.get(name)?.push(await play(allFrames));
  }
  return [...speeds(runs), ...ratios(runs)];
}

const warmUpFrames = 50;
const allFrames = 1_000_000;

function speeds(runs: ReadonlyMap<string, readonly Played[]>): readonly Measurement[] {
  const reference = runs.get('ours fp32')?.[0];
  return [...runs].flatMap(([name, played]) => [
    {
      name: `pytorch.${name}`,
      ...spread(played.map(({ scores, cpu }) => scores.length / cpu)),
      unit: 'frames/CPU-s',
      ...(reference && played[0] && { note: agreement(name, reference, played[0]) }),
    },
    {
      name: `pytorch.${name}.wall`,
      ...spread(played.map(({ scores, wall }) => scores.length / wall)),
      unit: 'frames/s',
    },
  ]);
}

/** How far a player says what ours says in float32; throws if one does not that computes in float32, too. */
function agreement(name: string, reference: Played, played: Played): string {
  const said = ({ replies }: Played) => replies.map(({ time, text }) => `${time} ${text.trim()}`);
  const expected = new Set(said(reference));
  const same = said(played).filter((reply) => expected.has(reply)).length;
  const difference = Math.max(
    ...played.scores.map((score, index) => Math.abs(score - (reference.scores[index] ?? NaN))),
  );
  if (name.endsWith('fp32') && (same !== expected.size || played.replies.length !== same))
    throw new Error(
      `${name} says ${same} of ${expected.size} replies as ours in fp32 does; they must be the same`,
    );
  return (
    `${played.scores.length} frames, ${played.replies.length} replies, ${same} as ours in fp32, ` +
    `scores differ by ${difference.toPrecision(2)} at most`
  );
}

/** Of the frames a CPU-second, round by round. */
function ratios(runs: ReadonlyMap<string, readonly Played[]>): readonly Measurement[] {
  const aims: Readonly<Record<string, string>> = {
    'transformers fp32': '>= 5',
    'handwritten fp32': '>= 1.5',
    'handwritten bf16': '>= 1.1',
  };
  return Object.entries(aims).flatMap(([rival, aim]) =>
    ['ours fp32', 'ours int8'].map((ours) => {
      const pairs = (runs.get(ours) ?? []).map(
        ({ cpu }, round) => (runs.get(rival)?.[round]?.cpu ?? NaN) / cpu,
      );
      return {
        name: `pytorch.${ours} / ${rival}`,
        ...spread(pairs),
        unit: 'x',
        ...(ours.endsWith('int8') && { aim }),
      };
    }),
  );
}
