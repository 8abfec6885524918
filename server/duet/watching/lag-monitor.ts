import type { SessionState } from '../record/session-state.js';
import type { FrameQueue } from './frame-queue.js';

/** A session is said to lag when frames of more than this many seconds wait. */
const lagSeconds = 1;
/** Least milliseconds between two reports. */
const reportEveryMs = 1000;

/** Reports, now and then, that the model does not keep up with its source, or that frames were dropped. */
export class LagMonitor {
  readonly #state: SessionState;
  #reportedAt = -Infinity;
  #reportedDrops = 0;

  constructor(state: SessionState) {
    this.#state = state;
  }

  /** Looks at what still waits behind the frame at `videoTime`. */
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
