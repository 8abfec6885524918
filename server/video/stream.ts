import type { PushedPicture, VideoFrame } from './frame.js';

/**
 * The sampled frames of one opened video.
 *
 * - Iterate once; frames come in the order of their `videoTime`, which is strictly increasing.
 * - A file is decoded no faster than it is read (back-pressure reaches the decoder).
 * - The iteration ends when the video ends, and throws a `DuetError` ('source_failed') when it breaks.
 * - Disposing stops the decoder and waits until its process is gone; it may be called at any time and more
 *   than once. An iteration that waits for a frame then ends.
 */
export interface FrameStream extends AsyncIterable<VideoFrame>, AsyncDisposable {
  readonly info: VideoInfo;
  /**
   * What the decoder complained of so far and what was noticed of the video's times, at most 30 lines. A file
   * cut off in the middle gives its frames up to there and then ends without an error; only here one learns
   * of it.
   */
  readonly warnings?: readonly string[];
  /** Frames of a live stream thrown away so far because they came faster than they were read. */
  readonly dropped?: number;
  /** Whom to tell of notices from now on; one listener. */
  listen?(hear: (notice: StreamNotice) => void): void;
  /** Takes the pictures that a client sends; absent where the source brings its own. */
  readonly receiver?: PictureReceiver | undefined;
  /** Holds the clock of a recorded video; frames of a live stream are discarded meanwhile. */
  pause(): void;
  resume(): void;
}

/** What is known of a video once its first frame is decoded. */
export interface VideoInfo {
  /**
   * Size in pixels at which a player shows the pictures: turned upright, and wide where their pixels are not
   * square.
   */
  readonly width: number;
  readonly height: number;
  /** Average frame rate of the container; null where it has none. */
  readonly fps: number | null;
  /** Length in seconds; null for a live or unbounded stream. */
  readonly duration: number | null;
  readonly codec: string;
  /**
   * Live streams cannot be made to wait: a full queue drops its oldest frame instead of holding the decoder
   * back.
   */
  readonly live: boolean;
}

/** Something that happens to a source between its frames. */
export type StreamNotice = {
  /**
   * The client's clock was set back or forward: from now on `videoTime` is the client's time plus `offset`,
   * both in seconds.
   */
  readonly type: 'source.clock.changed';
  /** Time of the picture that showed it, on the client's clock. */
  readonly pushedTime: number;
  readonly offset: number;
};

/**
 * What became of a pushed picture.
 *
 * - `taken`: it is a frame of the stream.
 * - `skipped`: the sampling rate did not need it, or the stream is paused or has ended for its reader.
 * - `dropped`: it would have been a frame, but newer ones came before the reader did.
 */
export type PushOutcome = 'taken' | 'skipped' | 'dropped';

/** Where pushed pictures are handed to a stream. */
export interface PictureReceiver {
  /**
   * Hands over a picture. Resolves when it is known what became of it: at the latest when the reader has come
   * to it.
   *
   * @param pushedTime seconds on the client's clock, 0 or more, above that of the picture before.
   * @throws DuetError 'invalid_request' for times that do not increase and pictures that cannot be decoded,
   * 'too_large'; see `decodePicture`. The stream goes on.
   */
  push(pushed: PushedPicture, pushedTime: number): Promise<PushOutcome>;
  /** Counts a picture that was broken on its way here. */
  skipBroken(message: string): void;
}
