import type { TakeTurn } from '../../../duet/policy/take-turn.js';
import { pictureShapeFor } from '../../../runtime/capabilities.js';
import type { DuetModel } from '../../../runtime/model.js';
import type { FfmpegPolicy } from '../../../video/ffmpeg/binary.js';
import { openVideo } from '../../../video/open-video.js';
import type { FrameStream } from '../../../video/stream.js';
import { findVideo } from './find-video.js';
import { seenFrames } from './frames-seen.js';
import type { Question } from '../../data/question.js';
import type { PlaySettings } from './settings.js';

/**
 * Opens the video of a question with the frames the settings ask for. Throws what {@link openVideo} throws.
 */
export async function openQuestion(
  { model, videos, settings, ffmpegPolicy }: Player,
  { video }: Pick<Question, 'video'>,
  signal: AbortSignal,
): Promise<FrameStream> {
  const { session, sampler, maxFrames, pacing, frames } = settings;
  const source = { type: 'file', path: findVideo(videos, video) } as const;
  const stream = await openVideo(
    source,
    {
      ...pictureShapeFor(model.capabilities),
      ...{ fps: session.fps, sampler, pacing, name: video },
      ...(maxFrames !== null && { maxFrames }),
      ffmpegPolicy,
    },
    signal,
  );
  return seenFrames(stream, frames, video);
}

/** What questions are played with. */
export interface Player {
  readonly model: DuetModel;
  /** Folders to search for videos, in this order. */
  readonly videos: readonly string[];
  readonly settings: PlaySettings;
  readonly ffmpegPolicy: FfmpegPolicy;
  /** When the model speaks where no baseline says so; default: by its policy. */
  readonly takeTurn?: TakeTurn;
  /**
   * Hears the time of every frame that was scored, and how long the video is where that is known, in seconds.
   */
  readonly onFrame?: (videoTime: number, duration: number | null) => void;
}
