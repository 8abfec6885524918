import { stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { DuetError } from '../errors.js';
import { whileLocked } from '../scoring/runner/folder-lock.js';
import { outputFault } from '../scoring/runner/output-folder.js';
import { writeLines } from '../scoring/runner/runs/predictions.js';
import { captionFileName, CaptionRun, foreign, type CaptionJob } from './caption-run.js';
import { CaptionStore } from './caption-store.js';
import { openCaptioner, type Captioner } from './captioner.js';
import { OwnFiles } from './own-files.js';
import { outputNames } from './output-names.js';
import type { CaptionHooks, CaptionOutcome, CaptionPlan } from './plan.js';
import { Progress } from './progress.js';

/**
 * Captions every video of a plan, several at once, and writes the files of each as soon as it is done. What
 * an earlier run has done is not done again, unless the video or the settings have changed; a video that was
 * interrupted starts over. Resolves to what became of each, in the order of the plan.
 *
 * @throws DuetError 'busy' while another process captions into the same folder, 'invalid_request' for a
 * folder that cannot be written or a file that is not ours, 'model_failed', and 'cancelled' saying how to go
 * on. What is done is kept.
 */
export async function captionVideos(
  plan: CaptionPlan,
  hooks: CaptionHooks,
): Promise<readonly CaptionOutcome[]> {
  const hidden = join(plan.folder, '.duet-caption');
  const progress = new Progress(plan.videos.length, hooks.onProgress);
  let isBegun = false;
  const work = (): Promise<readonly CaptionOutcome[]> => {
    isBegun = true;
    return captionInto(hidden, plan, hooks, progress);
  };
  try {
    return await whileLocked(hidden, work, 'captioning there');
  } catch (thrown) {
    if (!hooks.signal.aborted) throw outputFault(plan.folder, thrown, isBegun);
    const state = `${progress.done} of ${plan.videos.length} videos are done`;
    const message = `interrupted: ${state}; the same command goes on with the others (${plan.folder})`;
    throw new DuetError('cancelled', message, { cause: thrown });
  }
}

async function captionInto(
  hidden: string,
  plan: CaptionPlan,
  hooks: CaptionHooks,
  progress: Progress,
): Promise<readonly CaptionOutcome[]> {
  const warn = hooks.onWarning ?? ((): void => undefined);
  const store = await CaptionStore.open(join(hidden, 'videos'));
  const files = await OwnFiles.open(plan.folder, join(hidden, 'SHA256SUMS'));
  if (plan.formats.includes('jsonl')) await requireOwn(files, plan);
  const captioner = await openCaptioner(plan, warn);
  const jobs = await jobsOf(plan, store, captioner);
  const outdated = jobs.filter(({ key }) => store.isOutdated(key)).length;
  if (outdated > 0) warn(`captioned again, since the video or the settings have changed: ${outdated}`);
  const run = new CaptionRun(plan, { store, files, captioner, progress });
  const waiting: CaptionJob[] = [];
  for (const job of jobs) if (!(await run.isSettled(job))) waiting.push(job);
  await run.play(waiting, hooks.signal);
  if (plan.formats.includes('jsonl')) await writeAll(run.lines(jobs), hidden, files, plan);
  return run.outcomes(jobs);
}

async function jobsOf(
  plan: CaptionPlan,
  store: CaptionStore,
  { settings }: Captioner,
): Promise<CaptionJob[]> {
  const { folder, videos } = plan;
  const language = plan.language ?? null;
  const taken = new Map([...store.names].map(([name, video]) => [name, resolve(folder, video)]));
  const jobs: CaptionJob[] = [];
  for (const [video, name] of outputNames(videos, taken)) {
    // One that is gone fails when it is played.
    const { size = 0, mtimeMs = 0 } = (await stat(video.path).catch(() => null)) ?? {};
    const place = relative(folder, video.path);
    jobs.push({ video, name, key: { video: place, bytes: size, modifiedMs: mtimeMs, language, settings } });
  }
  return jobs;
}

/** The name of the one file for all videos. */
function nameOfAll({ language }: CaptionPlan): string {
  return captionFileName({ name: 'captions', key: { language: language ?? null } }, 'jsonl');
}

/** Refuses to overwrite it before anything is played. */
async function requireOwn(files: OwnFiles, plan: CaptionPlan): Promise<void> {
  const file = nameOfAll(plan);
  if (!plan.force && !(await files.mayWrite(file))) throw new DuetError('invalid_request', foreign(file));
}

async function writeAll(
  lines: AsyncIterable<string>,
  hidden: string,
  files: OwnFiles,
  plan: CaptionPlan,
): Promise<void> {
  const written = join(hidden, nameOfAll(plan));
  await writeLines(lines, written);
  await files.move(written, nameOfAll(plan));
}
