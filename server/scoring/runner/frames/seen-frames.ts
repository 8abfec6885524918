import { ChangedFrames } from '../../../video/changed-frames.js';
import type { FrameStream } from '../../../video/stream.js';
import { blackFrames } from './black-frames.js';
import { shuffledFrames } from './shuffled-frames.js';

/**
 * What the model sees: the video, black pictures at the same times, or the clip's own pictures in another order. A model that scores as well
 * without the video as with it does not look.
 */
export const frameKinds = ['video', 'black', 'shuffled'] as const;

/** One of {@link frameKinds}. */
export type SeenFrames = (typeof frameKinds)[number];

/** The frames of an opened video as the model gets to see them; `video`, its name, decides the order they are shuffled to. */
export function seenFrames(stream: FrameStream, seen: SeenFrames, video: string): FrameStream {
  switch (seen) {
    case 'video':
      return stream;
    case 'black':
      return new ChangedFrames(stream, blackFrames(stream));
    case 'shuffled':
      return new ChangedFrames(stream, shuffledFrames(stream, video));
    default:
      return seen satisfies never;
  }
}
