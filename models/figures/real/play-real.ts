import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import pLimit from 'p-limit';
import writeFileAtomic from 'write-file-atomic';
import { DuetError } from '../../../server/errors.js';
import { openModel } from '../../../server/runtime/find-model.js';
import type { DuetModel } from '../../../server/runtime/model.js';
import { magqa } from '../../../server/scoring/benchmarks/magqa/magqa.js';
import { playedSchema, type Played } from '../../../server/scoring/data/played.js';
import type { SeenFrames } from '../../../server/scoring/runner/play/frames-seen.js';
import { questionPlayer } from '../../../server/scoring/runner/play/play-question.js';
import { playSettings } from '../../../server/scoring/runner/play/settings.js';
import type { RealQuestion } from './real-clips.js';

/** What is played, and where. */
interface RealPlay {
  /** Place of the model, as `duet watch --model` takes it. */
  readonly model: string;
  readonly frames: SeenFrames;
  readonly questions: readonly RealQuestion[];
  /** Folder of the clips. */
  readonly clips: string;
  /** Where what was played is kept, so that it can continue. */
  readonly work: string;
  /** Questions played at once; null for one a processor core. */
  readonly jobs: number | null;
  readonly onProgress: (done: number, total: number) => void;
}

/** Seconds that are watched from a question about now on. */
const watchedAfter = 4;

/**
 * Plays the questions through the sessions that serve users, and returns what was played by question. Those
 * played earlier are read from `work`. Throws 'source_failed' for a clip that cannot be played, and what
 * opening the model throws.
 */
export async function playReal(play: RealPlay, signal: AbortSignal): Promise<ReadonlyMap<string, Played>> {
  const { questions, work, jobs, onProgress } = play;
  await mkdir(work, { recursive: true });
  const missing = questions.filter(({ id }) => !existsSync(fileOf(work, id)));
  let done = questions.length - missing.length;
  onProgress(done, questions.length);
  if (missing.length > 0) {
    await using model = await openModel(play.model, { onWarning: () => undefined }, signal);
    const limit = pLimit(jobs ?? availableParallelism());
    await limit.map(missing, async (question) => {
      const played = await playOne(play, model, question, signal);
      await writeFileAtomic(fileOf(work, question.id), JSON.stringify(played));
      onProgress((done += 1), questions.length);
    });
  }
  const entries = questions.map(async ({ id }) => [id, await readPlayed(fileOf(work, id))] as const);
  return new Map(await Promise.all(entries));
}

async function playOne(
  { frames, clips }: RealPlay,
  model: DuetModel,
  { id, video, kind, text, time }: RealQuestion,
  signal: AbortSignal,
): Promise<Played> {
  signal.throwIfAborted();
  const settings = playSettings({ benchmark: magqa, frames }, model.capabilities);
  const isAboutNow = kind === 'count' || kind === 'place';
  const frameCount = Math.ceil((time + watchedAfter) * settings.session.fps);
  const play = questionPlayer({
    ...{ model, videos: [clips], ffmpegPolicy: { trustedSource: true, allowBundled: true } },
    settings: isAboutNow && frames !== 'shuffled' ? { ...settings, maxFrames: frameCount } : settings,
  });
  const conversation = text === undefined ? [] : [{ time, content: text }];
  const outcome = await play({ questionId: id, video, conversation, gold: [], tags: {} }, signal);
  if (outcome.type === 'played') return outcome.played;
  throw new DuetError(
    'source_failed',
    `${outcome.reason}; the clips of real pictures are built by models/figures/real/clips/build_clips.py`,
  );
}

function fileOf(work: string, id: string): string {
  return join(work, `${id}.json`);
}

async function readPlayed(file: string): Promise<Played> {
  return playedSchema.parse(JSON.parse(await readFile(file, 'utf8')));
}
