import { existsSync } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { DuetError } from '../../errors.js';
import type { DuetModel } from '../../runtime/model.js';
import type { FfmpegPolicy } from '../../video/ffmpeg-policy.js';
import { openVideo } from '../../video/open-video.js';
import type { FrameStream } from '../../video/stream.js';
import { seenFrames } from './frames/seen-frames.js';
import type { BenchQuestion } from './question.js';
import type { PlaySettings } from './settings.js';

/** What questions are played with. */
export interface Player {
  readonly model: DuetModel;
  /** Folders in which videos are looked for, in this order. */
  readonly videos: readonly string[];
  readonly settings: PlaySettings;
  readonly ffmpegPolicy: FfmpegPolicy;
}

/** Opens the video of a question as the settings have it seen. Throws what {@link openVideo} throws. */
export async function openQuestion(
  { model, videos, settings, ffmpegPolicy }: Player,
  { video }: Pick<BenchQuestion, 'video'>,
  signal: AbortSignal,
): Promise<FrameStream> {
  const { session, sampler, maxFrames, pacing, frames } = settings;
  const source = { type: 'file', path: findVideo(videos, video) } as const;
  const stream = await openVideo(
    source,
    {
      ...{ fps: session.fps, sampler, side: model.description.picture.side, pacing, name: video },
      ...(maxFrames !== null && { maxFrames }),
      ffmpegPolicy,
    },
    signal,
  );
  return seenFrames(stream, frames, video);
}

/** The first folder that holds the video decides; where none does, the first folder's path is what is reported missing. */
function findVideo(folders: readonly string[], name: string): string {
  const paths = folders.map((folder) => pathWithin(folder, name));
  return paths.find((path) => existsSync(path)) ?? paths[0] ?? name;
}

/**
 * The path of a video that annotations name. Throws 'not_found' for a name that leads out of the folder. Only the name is looked at: the
 * annotations may be a stranger's, but links within the folder are its owner's, whose videos often lie on another disk.
 */
export function pathWithin(folder: string, name: string): string {
  const path = resolve(folder, name);
  const inner = relative(resolve(folder), path);
  if (inner === '' || inner === '..' || inner.startsWith(`..${sep}`) || isAbsolute(inner)) {
    throw new DuetError(
      'not_found',
      `The video ${JSON.stringify(name)} lies outside of ${folder}; annotations may name videos within it only`,
    );
  }
  return join(folder, inner);
}
