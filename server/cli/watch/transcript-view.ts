import type { SessionEvent } from '../../duet/record/events.js';
import { oneLine } from '../terminal/exit-code.js';
import { StatusLine } from './status-line.js';
import { clockTime, describeSpending, printable, scoreBar } from './terminal-text.js';

/**
 * Events of which a transcript says nothing; what becomes of a live source is told on stderr, and so is a
 * text that was refused.
 */
const untold = [
  ...(['source.stalled', 'source.reconnecting', 'source.reopened', 'source.failed'] as const),
  ...(['source.resized', 'source.clock.changed', 'response.suppressed', 'frame.unscored'] as const),
  ...(['session.record.recovered', 'text.gone'] as const),
  ...(['question.added', 'question.removed', 'user.text.refused'] as const),
] as const;

function isUntold(event: SessionEvent): event is EventOf<(typeof untold)[number]> {
  return untold.some((type) => type === event.type);
}

type EventOf<T extends SessionEvent['type']> = Extract<SessionEvent, { type: T }>;

/** Most decoder warnings shown at the end; the events hold all of them. */
const mostWarnings = 3;
const barWidth = 12;

/** Shows a session as a transcript with times; on a terminal also with a status line that is rewritten. */
export class TranscriptView {
  readonly #status: StatusLine | null;
  #scores: number[] = [];
  #most = 1;
  #streaming = false;
  #openedMs = 0;
  #model = '';
  #forgets = false;
  #spent: EventOf<'session.spent'> | null = null;

  constructor(options: { terminal: boolean }) {
    this.#status = options.terminal ? new StatusLine() : null;
  }

  /** The text to write for the next event of the session. */
  render(event: SessionEvent): string {
    if (this.#status === null) return this.#lines(event);
    const lines = this.#lines(event);
    const status = this.#streaming ? '' : this.#status.after(event);
    return lines === '' && status === '' ? '' : this.#status.replace(lines, status);
  }

  #lines(event: SessionEvent): string {
    if (isUntold(event)) return '';
    switch (event.type) {
      case 'session.opened':
      case 'session.updated':
        return this.#note(event);
      case 'source.opened':
        return this.#opened(event);
      case 'frame.scored':
        return this.#keep(event.score);
      case 'response.started':
        return this.#begin(event);
      case 'response.text.delta':
        return printable(event.delta);
      case 'response.done':
        return this.#finish(event);
      case 'source.ended':
        return this.#ended(event);
      case 'text.seen':
        return this.#line(event.videoTime, '', printable(`[${event.place}] "${event.text}"`));
      case 'user.text.inserted':
      case 'session.context.renewed':
      case 'session.lagging':
      case 'session.record.failed':
      case 'session.reopened':
        return this.#line(event.videoTime, '', printable(oneLine(aside(event))));
      case 'session.context.evicted':
        return this.#forgetting(event);
      case 'session.spent':
        this.#spent = event;
        return '';
      case 'session.closed':
        return this.#spent === null
          ? ''
          : this.#line(event.videoTime, '', `(${describeSpending(this.#spent)})`);
      default:
        return event satisfies never;
    }
  }

  #note(event: EventOf<'session.opened' | 'session.updated'>): string {
    if (event.type === 'session.opened') this.#model = event.model;
    this.#most = event.settings.heads.length;
    return '';
  }

  #keep(score: number): string {
    this.#scores = [...this.#scores, score].slice(-barWidth);
    return '';
  }

  #opened({ source, info, samplingFps, elapsedMs }: EventOf<'source.opened'>): string {
    this.#openedMs = elapsedMs;
    const length = info.duration === null ? 'live' : clockTime(info.duration);
    const by = this.#model === '' ? '' : ` by ${printable(this.#model)}`;
    const size = `${info.width}x${info.height}`;
    return `${printable(source)} (${size}, ${length}), ${samplingFps} frames a second${by}\n`;
  }

  /** Told once: from then on it goes on all the time. */
  #forgetting({ videoTime, heldFrames }: EventOf<'session.context.evicted'>): string {
    if (this.#forgets) return '';
    this.#forgets = true;
    return this.#line(
      videoTime,
      '',
      `(from here on only the newest frames are remembered, now ${heldFrames})`,
    );
  }

  #begin(event: EventOf<'response.started'>): string {
    this.#streaming = true;
    const bar = scoreBar(this.#scores, this.#most, barWidth);
    this.#scores = [];
    return `${clockTime(event.videoTime)}  ${bar}  `;
  }

  #finish({ status, unsure }: EventOf<'response.done'>): string {
    this.#streaming = false;
    if (status !== 'completed') return ` [${status}]\n`;
    return unsure === true ? ' (not sure)\n' : '\n';
  }

  #ended({ videoTime, frames, elapsedMs, reason, warnings }: EventOf<'source.ended'>): string {
    const seconds = (elapsedMs - this.#openedMs) / 1000;
    const speed = seconds > 0 ? `, ${(videoTime / seconds).toFixed(1)}x real time` : '';
    const end = `${clockTime(videoTime)}  ${reason}: ${frames} frames in ${seconds.toFixed(1)} s${speed}\n`;
    const complaints = warnings
      .slice(0, mostWarnings)
      .map((line) => `       the video: ${printable(oneLine(line))}\n`);
    return end + complaints.join('');
  }

  #line(videoTime: number, bar: string, text: string): string {
    return `${clockTime(videoTime)}  ${bar.padStart(barWidth)}  ${text}\n`;
  }
}

type Aside = EventOf<
  | 'user.text.inserted'
  | 'session.context.renewed'
  | 'session.lagging'
  | 'session.record.failed'
  | 'session.reopened'
>;

function aside(event: Aside): string {
  switch (event.type) {
    case 'user.text.inserted':
      return `you: ${event.text}`;
    case 'session.context.renewed':
      return '(the context was full; the model goes on with a fresh one)';
    case 'session.lagging':
      return `(${event.behindSeconds.toFixed(1)} s behind)`;
    case 'session.record.failed':
      return `(${event.message})`;
    case 'session.reopened':
      return '(the session goes on from its record, in a new context)';
    default:
      return event satisfies never;
  }
}
