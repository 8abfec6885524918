import { noteUnanswered } from './reduce-turns.js';
import { frameLimit, type DuetView, type FrameTrace, type Lag } from './view.js';

/**
 * The view after a frame was scored; also once more, as happens when the user says something while the video
 * is paused.
 */
export function withFrame(view: DuetView, frame: FrameTrace, append: AppendFrame): DuetView {
  const newest = view.frames.at(-1);
  const isAgain = newest?.frame_index === frame.frame_index && newest.video_time === frame.video_time;
  const lag = view.lag === null ? null : fade(view.lag, frame.video_time);
  const next = { ...view, frames: append(view.frames, frame), lag };
  return isAgain
    ? { ...next, turns: noteUnanswered(view.turns, frame) }
    : { ...next, frameCount: view.frameCount + 1, undecided: null };
}

/** Appends a frame to the newest ones; keeps at most {@link frameLimit}. */
export type AppendFrame = (frames: readonly FrameTrace[], frame: FrameTrace) => readonly FrameTrace[];

/** Another list, with the frame. */
export const appendedFrame: AppendFrame = (frames, frame) => [...frames.slice(1 - frameLimit), frame];

/**
 * Appends to the list itself as long as nobody was shown it: a whole record comes between two pictures of the
 * screen, and a list for each of its frames would take time with the square of their number.
 */
export class UnshownFrames {
  #unshown: FrameTrace[] = [];

  readonly append: AppendFrame = (frames, frame) => {
    if (frames !== this.#unshown) this.#unshown = frames.slice();
    this.#unshown.push(frame);
    if (this.#unshown.length > frameLimit) this.#unshown.shift();
    return this.#unshown;
  };

  /** The list is shown, and changes no more. */
  shown(): void {
    this.#unshown = [];
  }
}

/** Video seconds after which a report of lagging is no longer news. */
const lagShownSeconds = 3;

function fade(lag: Lag, videoTime: number): Lag {
  if (lag.behindSeconds === 0 || videoTime < lag.videoTime + lagShownSeconds) return lag;
  return { ...lag, queuedFrames: 0, behindSeconds: 0 };
}
