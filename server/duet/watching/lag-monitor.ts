import type { SessionState } from '../record/session-state.js';
import type { FrameQueue } from './frame-queue.js';

/** A session lags when more than this many seconds of frames are waiting. */
const lagSeconds = 1;
/** Minimum milliseconds between two reports. */
const reportEveryMs = 1000;

/** Reports, at most once a second, that the model cannot keep up with its source or frames were dropped. */
export class LagMonitor {
  readonly #state: SessionState;
  #reportedAt = -Infinity;
  #reportedDrops = 0;

  constructor(state: SessionState) {
    this.#state = state;
  }

  /** Checks what is waiting behind the frame at `videoTime`. */
  look(queue: FrameQueue, videoTime: number): void {
    const behindSeconds = (queue.newestTime ?? videoTime) - videoTime;
    const lagging = behindSeconds > lagSeconds || queue.dropped > this.#reportedDrops;
    const now = this.#state.log.elapsedMs();
    if (!lagging || now - this.#reportedAt < reportEveryMs) return;
    this.#reportedAt = now;
    this.#reportedDrops = queue.dropped;
    const { length: queuedFrames, dropped: droppedFrames } = queue;
    this.#state.record({ type: 'session.lagging', queuedFrames, droppedFrames, behindSeconds }, videoTime);
  }
}
