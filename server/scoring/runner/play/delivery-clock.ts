import type { SessionEvent } from '../../../duet/record/events.js';

/**
 * When a viewer of a live stream would have had each reply, in seconds of the video, by response id.
 *
 * `realtime` measures it: the wall clock since the source opened. `fast` computes it: each frame and reply
 * takes as long as it took here, but no frame is scored before its time. The cost of a call that scores
 * several frames is counted for the first of them.
 */
export class DeliveryClock {
  readonly #realtime: boolean;
  #openedMs = 0;
  #lastMs = 0;
  #clock = 0;

  constructor(pacing: 'fast' | 'realtime') {
    this.#realtime = pacing === 'realtime';
  }

  /**
   * Takes the events of a session in order; returns the delivery time if the event ends a reply, else null.
   */
  hear(event: SessionEvent): number | null {
    if (event.type === 'source.opened') {
      this.#openedMs = event.elapsedMs;
      this.#lastMs = event.elapsedMs;
    }
    const spent = (event.elapsedMs - this.#lastMs) / 1000;
    this.#lastMs = event.elapsedMs;
    if (event.type === 'frame.scored') this.#clock = Math.max(this.#clock, event.videoTime) + spent;
    else this.#clock += spent;
    if (event.type !== 'response.done' && event.type !== 'response.suppressed') return null;
    const seconds = this.#realtime ? (event.elapsedMs - this.#openedMs) / 1000 : this.#clock;
    return Math.max(event.videoTime, seconds);
  }
}
