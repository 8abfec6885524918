import type { ErrorCode } from '../errors.js';
import type { ReceivedPicture, VideoFrame } from './frame.js';

/**
 * The sampled frames of one opened video.
 *
 * - Iterate once; frames come in strictly increasing order of `videoTime`.
 * - A file is decoded no faster than it is read (back-pressure reaches the decoder).
 * - The iteration ends when the video ends, and throws a `DuetError` ('source_failed') when it breaks.
 * - Disposing stops the decoder and waits until its process is gone; it may be called at any time and more
 *   than once. A pending iteration then ends.
 */
export interface FrameStream extends AsyncIterable<VideoFrame>, AsyncDisposable {
  readonly info: VideoInfo;
  /**
   * The decoder's complaints so far and notes about the video's times, at most 30 lines. A truncated file
   * delivers its frames up to the cut and ends without an error; only a warning here reveals it.
   */
  readonly warnings?: readonly string[];
  /** Frames of a live stream dropped so far because they came faster than they were read. */
  readonly dropped?: number;
  /**
   * Whether a live stream that has ended may go on once it is opened again: nothing told that this was its
   * end. Default false.
   */
  readonly brokenOff?: boolean;
  /** Seconds for which a live stream may give no picture while all is well; default 5. */
  readonly quietSeconds?: number | undefined;
  /** Registers the one listener for notices from now on. */
  listen?(hear: (notice: StreamNotice) => void): void;
  /** Takes the pictures that a client sends; absent when the source has its own. */
  readonly receiver?: PictureReceiver | undefined;
  /** Takes the bytes of a container that a client sends; absent when the source has its own. */
  readonly byteReceiver?: ByteReceiver | undefined;
  /** Stops the clock of a recorded video; frames of a live stream are discarded meanwhile. */
  pause(): void;
  resume(): void;
}

/** What is known of a video once its first frame is decoded. */
export interface VideoInfo {
  /**
   * Size in pixels at which a player shows the pictures: rotated upright, with non-square pixels stretched.
   */
  readonly width: number;
  readonly height: number;
  /** Average frame rate of the container; null if it states none. */
  readonly fps: number | null;
  /** Length in seconds; null for a live or unbounded stream. */
  readonly duration: number | null;
  readonly codec: string;
  /** Live streams cannot wait: a full queue drops its oldest frame instead of holding the decoder back. */
  readonly live: boolean;
}

/** Something that happens to a source between its frames. */
export type StreamNotice =
  | {
      /**
       * The sender's clock was set back or forward: from now on `videoTime` is the sender's time plus
       * `offset`, both in seconds.
       */
      readonly type: 'source.clock.changed';
      /** Time of the first picture on the changed clock, as the sender gave it. */
      readonly pushedTime: number;
      readonly offset: number;
    }
  | {
      /** The pictures have another size from now on, as shown. */
      readonly type: 'source.resized';
      readonly width: number;
      readonly height: number;
    }
  | {
      /** A live source is connected and gives no pictures. */
      readonly type: 'source.stalled';
      readonly silentSeconds: number;
    }
  | {
      /** The source broke off, or could not be opened, and will be tried again after `delayMs`. */
      readonly type: 'source.reconnecting';
      /** Which attempt this will be, from 1, since pictures last came for a while. */
      readonly attempt: number;
      readonly delayMs: number;
      /** Why it is tried again. */
      readonly code: ErrorCode;
      readonly message: string;
    }
  | {
      /** Pictures come again. */
      readonly type: 'source.reopened';
      /** Seconds without a picture; the media time goes on by as much. */
      readonly gapSeconds: number;
      /** Connections it took; 0 where the old one held. */
      readonly attempts: number;
      readonly info: VideoInfo;
    };

/**
 * What happened to a pushed picture.
 *
 * - `taken`: it is a frame of the stream.
 * - `skipped`: the sampling rate did not need it, or the stream is paused or has ended.
 * - `dropped`: it would have been a frame, but newer ones arrived before the reader came to it.
 */
export type PushOutcome = 'taken' | 'skipped' | 'dropped';

/** Accepts pushed pictures for a stream. */
export interface PictureReceiver {
  /**
   * Pushes a picture. Resolves once its outcome is known: at the latest when the reader comes to it.
   *
   * @param pushedTime seconds on the client's clock, 0 or more, above the previous picture's.
   * @throws DuetError 'invalid_request' for times that do not increase and pictures that cannot be decoded,
   * 'too_large'; see `decodePicture`. The stream continues.
   */
  push(pushed: ReceivedPicture, pushedTime: number): Promise<PushOutcome>;
  /** Counts a picture that arrived broken. */
  skipBroken(message: string): void;
  /** No more pictures will come; those that wait are still read. */
  end(): void;
}

/** Accepts the bytes of a container for a stream. */
export interface ByteReceiver {
  /**
   * Adds the next bytes.
   *
   * @throws DuetError 'invalid_request' after the end.
   */
  push(bytes: Uint8Array): void;
  /** Resolves when more may be pushed. */
  room(): Promise<void>;
  /** No more bytes will come; what was pushed is still read. */
  end(): void;
}
