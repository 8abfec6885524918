/** One sampled picture on the video's clock. */
export interface VideoFrame {
  /** Counts the frames of one stream from 0, without gaps. */
  readonly index: number;
  /**
   * Seconds on the media clock, as players show them: 0 is where the recording begins, even if sound comes
   * first; for a live stream it is about the first picture.
   */
  readonly videoTime: number;
  readonly picture: Picture;
  /**
   * The same moment in a larger picture of its own shape, where the sampling asks for it; not of every frame.
   */
  readonly detail?: Detail | undefined;
}

/**
 * Gives a larger picture, decoded when it is asked for; null if that fails, or newer ones have taken its
 * room.
 */
type Detail = () => Promise<Picture | null>;

/**
 * A decoded picture: packed RGB, one byte a channel, rows from the top without gaps, so `rgb.length === width
 * * height * 3`.
 */
export interface Picture {
  /** Given to a picture that may be seen again, and to no other in this process: equal ids, equal pixels. */
  readonly id?: number;
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
  /** Seconds on the video's clock, for models that follow what moves; absent if it belongs to no video. */
  readonly videoTime?: number;
}

/** The frame with an id for its picture, by which models know that they have encoded it already. */
export function withId(frame: VideoFrame): VideoFrame {
  if (frame.picture.id !== undefined) return frame;
  pictures += 1;
  return { ...frame, picture: { ...frame.picture, id: pictures } };
}

/** Pictures with an id so far: none is given twice. */
let pictures = 0;

/** A picture as a client sends it. */
export type ReceivedPicture =
  | { readonly type: 'encoded'; readonly bytes: Uint8Array }
  | { readonly type: 'rgb'; readonly width: number; readonly height: number; readonly bytes: Uint8Array };
