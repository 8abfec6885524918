import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { AnswerMemory } from '../../server/scoring/runner/runs/answer-memory.js';
import { DuetError } from '../../server/errors.js';
import { findModelFolder } from '../../server/runtime/find-model.js';
import { folderFingerprint, readManifest } from '../../server/runtime/folder/model-folder.js';
import { collectFigures } from './collect-figures.js';
import { realReport } from './card/real-tables.js';
import { tell, type FiguresFlags } from './flags.js';
import { collectReal, type RealResults } from './real/collect-real.js';
import type { Manifest } from '../../server/runtime/folder/manifest.js';
import type { CardRuns } from './play-benchmark.js';
import { giveEye } from './painted/give-eye.js';
import { cardFor, testSetFor } from './defaults.js';
import { findSplit, type TestSplit } from './test-split.js';
import { writeFigures } from './write-results.js';

/**
 * Plays everything a model's card needs, then writes `figures.json`, `threshold-curve.svg` and
 * `MODEL_CARD.md`, all at the end. It can be stopped at any moment and continued with the same command.
 * Throws 'cancelled' with the folder of the runs.
 */
export async function makeFigures(flags: FiguresFlags, signal: AbortSignal): Promise<void> {
  const runs = await openRuns(flags);
  tell(`runs are kept in ${runs.work}`);
  try {
    const manifest = await readManifest(runs.models.model);
    const real = flags.real === undefined ? null : await playRealClips(flags.real, manifest, runs, signal);
    if (flags.onlyReal === true) {
      process.stdout.write(`${realReport(requireReal(real))}\n`);
      return;
    }
    const figures = await collectFigures(manifest, runs, flags.second !== undefined, real, signal);
    const out = resolve(flags.out ?? runs.models.model);
    await mkdir(out, { recursive: true });
    const template = flags.card ?? cardFor(manifest);
    const files = await writeFigures({ figures, manifest, runs, template, out });
    tell(`wrote ${files.join(', ')}`);
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
    const message = `interrupted; the same command goes on where it stopped (${runs.work})`;
    throw new DuetError('cancelled', message, { cause: thrown });
  }
}

/** Clips of real pictures are watched by the model's own eye. */
async function playRealClips(
  folder: string,
  manifest: Manifest,
  { models, work, jobs }: CardRuns,
  signal: AbortSignal,
): Promise<RealResults> {
  const onProgress = (variant: string, done: number, total: number): void => {
    if (done === 0 || done === total || done % 10 === 0) tell(`real clips, ${variant}: ${done} of ${total}`);
  };
  const run = { model: models.model, manifest, clips: resolve(folder), work, jobs, onProgress };
  return collectReal(run, signal);
}

function requireReal(real: RealResults | null): RealResults {
  if (real !== null) return real;
  throw new DuetError('invalid_request', '--only-real needs the folder of the clips: --real FOLDER');
}

async function openRuns(flags: FiguresFlags): Promise<CardRuns> {
  const model = findModelFolder(flags.model);
  const split = await findSplit(resolve(flags.test ?? testSetFor(await readManifest(model))), model);
  const development = flags.dev === undefined ? null : await findSplit(resolve(flags.dev), model);
  const key = createHash('sha256')
    .update(`${await folderFingerprint(model)} ${split.hash}`)
    .digest('hex');
  const work = resolve(flags.work ?? join(tmpdir(), `duet-figures-${key.slice(0, 16)}`));
  const models = { model, second: flags.second === undefined ? model : findModelFolder(flags.second) };
  return {
    models,
    folders: split.eye === null ? models : await withEye(models, split.eye, work),
    ...{ split, development, work: join(work, scopeOf(flags, development)) },
    quick: flags.quick ?? null,
    jobs: flags.jobs ?? null,
    memory: new AnswerMemory(),
  };
}

/** Copies of both builds that see with the eye of the split. */
async function withEye(models: CardRuns['models'], eye: string, work: string): Promise<CardRuns['folders']> {
  const model = await giveEye(models.model, eye, join(work, 'with-eye'));
  const second =
    models.second === models.model ? model : await giveEye(models.second, eye, join(work, 'second-with-eye'));
  return { model, second };
}

/**
 * A separate folder for each set of questions and development split, since baselines depend on the one and
 * choices on the other.
 */
function scopeOf({ quick }: FiguresFlags, development: TestSplit | null): string {
  const questions = quick === undefined ? 'all' : `first-${quick}`;
  return development === null ? questions : `${questions}-chosen-on-${development.hash}`;
}
