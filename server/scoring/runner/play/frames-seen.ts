import { createHash } from 'node:crypto';
import { DuetError } from '../../../errors.js';
import { ChangedFrames } from '../../../video/changed-frames.js';
import type { Picture, VideoFrame } from '../../../video/frame.js';
import type { FrameStream } from '../../../video/stream.js';
import { seededRandom, type Random } from '../../statistics/random.js';

/**
 * What the model sees: the video, black pictures at the same times, or the clip's own pictures in another
 * order. A model that scores as well on these as on the video does not use the video.
 */
export const frameKinds = ['video', 'black', 'shuffled'] as const;

/** One of {@link frameKinds}. */
export type SeenFrames = (typeof frameKinds)[number];

/** The frames of an opened video as the model sees them; the name `video` seeds the shuffling. */
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

/** Black pictures of the same size at the same times. */
async function* blackFrames(frames: AsyncIterable<VideoFrame>): AsyncGenerator<VideoFrame> {
  for await (const frame of frames) {
    const { width, height, rgb } = frame.picture;
    yield { ...frame, picture: { width, height, rgb: new Uint8Array(rgb.length) } };
  }
}

/** Shuffling holds all pictures of a clip at once: its maximum duration in seconds and memory in bytes. */
const longest = 600;
const mostBytes = 2 ** 30;

/**
 * The pictures of a clip in another order, at the original times of the frames. The order depends only on the
 * video's name, so it is the same in every run. Throws 'too_large' for a clip that is too long, before
 * decoding all of it.
 */
async function* shuffledFrames(stream: FrameStream, video: string): AsyncGenerator<VideoFrame> {
  if ((stream.info.duration ?? 0) > longest) throw tooLong(video);
  const frames: VideoFrame[] = [];
  let bytes = 0;
  for await (const frame of stream) {
    bytes += frame.picture.rgb.length;
    if (frame.videoTime > longest || bytes > mostBytes) throw tooLong(video);
    frames.push(frame);
  }
  const pictures = shuffled(
    frames.map(({ picture }) => picture),
    seededRandom(seedOf(video)),
  );
  for (const [index, frame] of frames.entries()) {
    yield { ...frame, picture: pictures[index] ?? frame.picture };
  }
}

/** Fisher and Yates' shuffle. */
function shuffled(pictures: readonly Picture[], random: Random): readonly Picture[] {
  const left = [...pictures];
  const drawn: Picture[] = [];
  while (left.length > 0) drawn.push(...left.splice(Math.floor(random() * left.length), 1));
  return drawn;
}

function seedOf(video: string): number {
  return createHash('sha256').update(video).digest().readUInt32LE(0);
}

function tooLong(video: string): DuetError {
  const limits = `${longest / 60} minutes and ${mostBytes / 2 ** 20} MiB of pictures`;
  return new DuetError(
    'too_large',
    `${video} is too long to shuffle, which holds all its pictures at once: at most ${limits}; ` +
      'cut it, or see less of it with --fps or --max-frames',
  );
}
