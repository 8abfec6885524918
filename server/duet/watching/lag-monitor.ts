import type { EventLog } from '../event-log.js';
import type { FrameQueue } from './frame-queue.js';

/** A session is said to lag when frames of more than this many seconds wait. */
const lagSeconds = 1;
/** Least milliseconds between two reports. */
const reportEveryMs = 1000;

/** Reports, now and then, that the model does not keep up with its source, or that frames were dropped. */
export class LagMonitor {
  readonly #log: EventLog;
  #reportedAt = -Infinity;
  #reportedDrops = 0;

  constructor(log: EventLog) {
    this.#log = log;
  }

  /** Looks at what still waits behind the frame at `videoTime`. */
  look(queue: FrameQueue, videoTime: number): void {
    const behindSeconds = (queue.newestTime ?? videoTime) - videoTime;
    const lagging = behindSeconds > lagSeconds || queue.dropped > this.#reportedDrops;
    if (!lagging || this.#log.elapsedMs() - this.#reportedAt < reportEveryMs) return;
    this.#reportedAt = this.#log.elapsedMs();
    this.#reportedDrops = queue.dropped;
    const { length: queuedFrames, dropped: droppedFrames } = queue;
    this.#log.append({ type: 'session.lagging', queuedFrames, droppedFrames, behindSeconds }, videoTime);
  }
}
