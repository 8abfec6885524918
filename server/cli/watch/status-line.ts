import type { SessionEvent } from '../../duet/record/events.js';
import { clockTime, dollarsText, scoreBlock } from './terminal-text.js';

const eraseLine = '\r\u001b[K';
const barWidth = 20;

/** The line at the bottom of a terminal: position, speed and the newest score. */
export class StatusLine {
  #duration: number | null = null;
  #openedMs = 0;
  #shown = false;
  #spent = '';

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
    if (event.type === 'session.spent') {
      this.#spent = `  ${event.callsLastMinute} requests/min${dollarsText(event.dollars)}`;
    }
    const score = scoreText(event);
    if (score === null) return '';
    const seconds = (event.elapsedMs - this.#openedMs) / 1000;
    const speed = seconds > 0 ? `${(event.videoTime / seconds).toFixed(1)}x` : '';
    return `${this.#position(event.videoTime)}  ${speed}  ${score}${this.#spent}`;
  }

  #position(videoTime: number): string {
    if (this.#duration === null) return clockTime(videoTime);
    const done = Math.min(barWidth, Math.round((videoTime / this.#duration) * barWidth));
    const bar = '━'.repeat(done) + '─'.repeat(barWidth - done);
    return `${clockTime(videoTime)} ${bar} ${clockTime(this.#duration)}`;
  }
}

/** The score of a frame, or why it has none; null for other events. */
function scoreText(event: SessionEvent): string | null {
  if (event.type === 'frame.unscored') return `not asked: ${event.reason}`;
  if (event.type !== 'frame.scored') return null;
  const { score, threshold } = event;
  const limit = threshold === null ? '' : ` / ${threshold.toFixed(2)}`;
  return `${scoreBlock(score, threshold ?? 1)} ${score.toFixed(2)}${limit}`;
}
