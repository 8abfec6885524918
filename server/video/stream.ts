import type { VideoFrame } from './frame.js';

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
  /** Holds the clock of a recorded video; frames of a live stream are discarded meanwhile. */
  pause(): void;
  resume(): void;
}

/**
 * How ticks are chosen from the decoded frames, `F` being the sampling rate.
 *
 * - `timestamps`: the first frame of each interval [k/F, (k+1)/F), which is the first with t >= k/F; where a
 *   recording has none, the one that stands at k/F, with that time (files; exact on variable frame rates).
 * - `grid`: the first frame of each interval; ticks missed in a gap are skipped (live streams, whatever was
 *   asked for).
 * - `reference`: MMDuet's loader, which assumes a constant frame rate and adds 1/rate in floating point
 *   (parity runs only).
 */
export type Sampler = 'timestamps' | 'grid' | 'reference';

/** How a video is sampled, scaled and paced. */
export interface SamplingOptions {
  /** Frames per second to sample. */
  readonly fps: number;
  readonly sampler: Sampler;
  /** Stop after this many frames. */
  readonly maxFrames?: number;
  /**
   * Side in pixels of the square picture handed on: the longer side is scaled to it, the rest is padded
   * black.
   */
  readonly side: number;
  /** `fast`: as quick as the reader reads; `realtime`: no frame before its time on the wall clock. */
  readonly pacing: 'fast' | 'realtime';
}

/**
 * The same with the sampler optional: by default `grid` for a live source and `timestamps` for a recorded
 * one.
 */
export type RequestedSampling = Omit<SamplingOptions, 'sampler'> & {
  readonly sampler?: Sampler | undefined;
};
