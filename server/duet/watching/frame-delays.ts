import type { VideoFrame } from '../../video/frame.js';
import type { SessionHappening } from '../record/events.js';
import type { FrameDelay } from '../record/session-state.js';

/**
 * Measures how long the frames of one source in real time wait between their time and their score. A frame of
 * a live source is due when it arrives. One of a recording is due at its time on the clock of the frame that
 * came soonest, so that a queue which holds the recording back does not hide that it is late.
 */
export class FrameDelays {
  readonly #now: () => number;
  readonly #live: boolean;
  readonly #tell: TellDelay;
  /** When each frame is due that has not been scored yet, by its index. */
  readonly #due = new Map<number, number>();
  /** The replies of this session since the oldest of those frames. */
  #replies: Reply[] = [];
  /** When a frame at time 0 would be due. */
  #origin = Infinity;

  /** `now` gives monotonic milliseconds. */
  constructor(now: () => number, live: boolean, tell: TellDelay) {
    this.#now = now;
    this.#live = live;
    this.#tell = tell;
  }

  /** A frame has come from the source. */
  arrived({ index, videoTime }: VideoFrame): void {
    const now = this.#now();
    this.#origin = Math.min(this.#origin, now - videoTime * 1000);
    this.#due.set(index, this.#live ? now : this.#origin + videoTime * 1000);
    for (const oldest of this.#due.keys()) {
      if (this.#due.size <= mostWaiting) return;
      this.#due.delete(oldest);
    }
  }

  /** The source was paused: its clock stood still. */
  paused(): void {
    this.#origin = Infinity;
  }

  /** Something happened in the session. */
  heard(happening: SessionHappening): void {
    if (happening.type === 'frame.scored') this.#scored(happening.frameIndex);
    else if (happening.type === 'response.started') this.#replies.push({ begun: this.#now(), ended: null });
    else if (happening.type === 'response.done') this.#endReply();
  }

  #scored(index: number): void {
    const due = this.#due.get(index);
    for (const earlier of this.#due.keys()) if (earlier <= index) this.#due.delete(earlier);
    // A frame that is looked at again is not late.
    if (due === undefined) return;
    const now = this.#now();
    this.#tell({ lateMs: now - due, waitedMs: Math.max(0, now - due - this.#spokenSince(due, now)) });
    const [next = now] = this.#due.values();
    this.#replies = this.#replies.filter(({ ended }) => ended === null || ended > next);
  }

  #endReply(): void {
    const last = this.#replies.at(-1);
    if (last !== undefined) last.ended ??= this.#now();
  }

  #spokenSince(due: number, now: number): number {
    return this.#replies.reduce(
      (sum, { begun, ended }) => sum + Math.max(0, (ended ?? now) - Math.max(begun, due)),
      0,
    );
  }
}

/** Learns how late a frame was. */
type TellDelay = (delay: FrameDelay) => void;

interface Reply {
  readonly begun: number;
  ended: number | null;
}

/** Frames that are remembered until they are scored; a full queue drops as many. */
const mostWaiting = 1000;
