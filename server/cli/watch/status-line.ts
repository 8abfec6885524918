import type { SessionEvent } from '../../duet/record/events.js';
import { clockTime, scoreBlock } from './terminal-text.js';

const eraseLine = '\r\u001b[K';
const barWidth = 20;

/** The line at the bottom of a terminal: position, speed and the newest score. */
export class StatusLine {
  #duration: number | null = null;
  #openedMs = 0;
  #shown = false;

  /** What to write so that `lines` stand above the new status `line` (none if empty). */
  replace(lines: string, line: string): string {
    const erased = this.#shown ? eraseLine : '';
    this.#shown = line !== '';
    return `${erased}${lines}${line}`;
  }

  /** The line as it stands after an event; empty when the event does not change it. */
  after(event: SessionEvent): string {
    if (event.type === 'source.opened') {
      this.#duration = event.info.duration;
      this.#openedMs = event.elapsedMs;
    }
    if (event.type !== 'frame.scored') return '';
    const seconds = (event.elapsedMs - this.#openedMs) / 1000;
    const speed = seconds > 0 ? `${(event.videoTime / seconds).toFixed(1)}x` : '';
    const limit = event.threshold === null ? '' : ` / ${event.threshold.toFixed(2)}`;
    const score = `${scoreBlock(event.score, event.threshold ?? 1)} ${event.score.toFixed(2)}${limit}`;
    return `${this.#position(event.videoTime)}  ${speed}  ${score}`;
  }

  #position(videoTime: number): string {
    if (this.#duration === null) return clockTime(videoTime);
    const done = Math.min(barWidth, Math.round((videoTime / this.#duration) * barWidth));
    const bar = '━'.repeat(done) + '─'.repeat(barWidth - done);
    return `${clockTime(videoTime)} ${bar} ${clockTime(this.#duration)}`;
  }
}
