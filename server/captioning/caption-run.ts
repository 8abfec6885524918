import type { Played, QuestionOutcome } from '../scoring/data/played.js';
import {
  captionFile,
  captionLine,
  type CaptionedVideo,
  type CaptionType,
  type CaptionFileType,
} from './caption-files.js';
import type { CaptionKey, CaptionStore } from './caption-store.js';
import type { Captioner } from './captioner.js';
import type { FoundVideo } from './find-videos.js';
import type { OwnFiles } from './own-files.js';
import type { CaptionOutcome, CaptionPlan } from './plan.js';
import type { Progress } from './progress.js';

/** One run of the captioner over several videos: what is done, and what becomes of each. */
export class CaptionRun {
  readonly #plan: CaptionPlan;
  readonly #parts: RunParts;
  readonly #outcomes = new Map<string, CaptionOutcome>();

  constructor(plan: CaptionPlan, parts: RunParts) {
    this.#plan = plan;
    this.#parts = parts;
  }

  /** What became of the videos, in the order of the jobs. */
  outcomes(jobs: readonly CaptionJob[]): readonly CaptionOutcome[] {
    return jobs.flatMap(({ video }) => this.#outcomes.get(video.path) ?? []);
  }

  /** Whether nothing is to be played for a job: it is done, or its files must not be written. */
  async isSettled(job: CaptionJob): Promise<boolean> {
    const { store, progress } = this.#parts;
    const known = store.find(job.key);
    const played = known && (await store.read(job.key));
    if (played !== null) await this.#write(job, played, true);
    else await this.#refuseForeign(job);
    const isSettled = this.#outcomes.has(job.video.path);
    if (isSettled) progress.skip();
    return isSettled;
  }

  /** Plays the videos of jobs, several at once, and writes the captions of each when it is done. */
  async play(jobs: readonly CaptionJob[], signal: AbortSignal): Promise<void> {
    const { captioner, progress } = this.#parts;
    const byPath = new Map(jobs.map((job) => [job.video.path, job]));
    for (const { video, key } of jobs) progress.expect(video.path, key.bytes);
    const onFrame: Parameters<Captioner['caption']>[1] = (...frame) => {
      progress.frame(...frame);
    };
    for await (const outcome of captioner.caption([...byPath.keys()], onFrame, signal)) {
      const path = pathOf(outcome);
      const job = byPath.get(path);
      if (job !== undefined) await this.#settle(job, outcome);
      progress.finish(path);
    }
  }

  /** What was captioned, as lines of a prediction file in the order of the names. */
  async *lines(jobs: readonly CaptionJob[]): AsyncGenerator<string> {
    const ordered = [...jobs].sort((one, other) => (one.name < other.name ? -1 : 1));
    for (const job of ordered) {
      if (this.#outcomes.get(job.video.path)?.type !== 'captioned') continue;
      const played = await this.#parts.store.read(job.key);
      if (played !== null) yield captionLine(this.#captioned(job, played));
    }
  }

  async #settle(job: CaptionJob, outcome: QuestionOutcome): Promise<void> {
    if (outcome.type === 'unplayable') {
      this.#fail(job, outcome.reason);
      return;
    }
    await this.#parts.store.keep(job.key, job.name, outcome.played);
    await this.#write(job, outcome.played, false);
  }

  /** Fails a video before it is played if its captions could not be written. */
  async #refuseForeign(job: CaptionJob): Promise<void> {
    for (const format of fileFormats(this.#plan)) {
      const file = captionFileName(job, format);
      if (!(await this.#mayWrite(file))) {
        this.#fail(job, foreign(file));
        return;
      }
    }
  }

  async #write(job: CaptionJob, played: Played, earlier: boolean): Promise<void> {
    for (const format of fileFormats(this.#plan)) {
      const file = captionFileName(job, format);
      const content = captionFile(this.#captioned(job, played), format);
      if (!(await this.#mayWrite(file, content))) {
        this.#fail(job, foreign(file));
        return;
      }
      await this.#parts.files.write(file, content);
    }
    this.#outcomes.set(job.video.path, {
      ...{ type: 'captioned', video: job.video, name: job.name, earlier },
      duration: played.video_duration,
      captions: played.replies.length,
      warnings: played.warnings,
    });
  }

  #mayWrite(file: string, content?: string): Promise<boolean> {
    return this.#plan.force ? Promise.resolve(true) : this.#parts.files.mayWrite(file, content);
  }

  #fail({ video, name }: CaptionJob, reason: string): void {
    this.#outcomes.set(video.path, { type: 'failed', video, name, reason });
  }

  #captioned({ name, key }: CaptionJob, played: Played): CaptionedVideo {
    const { model, ask } = this.#parts.captioner;
    return { name, video: key.video, model, ask, played };
  }
}

/** What a run works with. */
interface RunParts {
  readonly store: CaptionStore;
  readonly files: OwnFiles;
  readonly captioner: Captioner;
  readonly progress: Progress;
}

/** A video to be captioned, and what its captions are called. */
export interface CaptionJob {
  readonly video: FoundVideo;
  readonly name: string;
  readonly key: CaptionKey;
}

/** The name of a file of captions: with the language, as players expect it. */
export function captionFileName(
  { name, key: { language } }: { readonly name: string; readonly key: Pick<CaptionKey, 'language'> },
  format: CaptionType,
): string {
  return [name, ...(language === null ? [] : [language]), format].join('.');
}

/** Why a file is not written. */
export function foreign(file: string): string {
  return (
    `${file} is there already, and was not written by this command or has been changed since: ` +
    'move it away, or overwrite it with --force'
  );
}

function fileFormats({ formats }: CaptionPlan): readonly CaptionFileType[] {
  return formats.filter((format) => format !== 'jsonl');
}

function pathOf(outcome: QuestionOutcome): string {
  return String(outcome.type === 'played' ? outcome.played.question_id : outcome.questionId);
}
