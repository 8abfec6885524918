/** A decoded picture: packed RGB, one byte a channel, rows from the top without gaps, so `rgb.length === width * height * 3`. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

/** One sampled picture on the video's clock. */
export interface VideoFrame {
  /** Counts the frames of one stream from 0, without gaps. */
  readonly index: number;
  /** Presentation time in seconds on the media clock, 0 at the start of the stream. */
  readonly videoTime: number;
  readonly picture: Picture;
}
