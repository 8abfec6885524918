import { timeText, shortNumber } from '../figure-text.js';
import type { Tracks } from '../decode-frames.js';
import { draw } from '../../common/element.js';
import type { Drawing } from './draw-timeline.js';

/** A line over the tracks that says what the scores are there; it follows the pointer and the arrow keys. */
export class TimeCursor {
  readonly #tracks: Tracks;
  readonly #readout: HTMLElement;
  #drawing: Drawing | null = null;
  #line: SVGLineElement | null = null;
  #index: number | null = null;

  constructor(stage: HTMLElement, tracks: Tracks, readout: HTMLElement) {
    this.#tracks = tracks;
    this.#readout = readout;
    stage.tabIndex = 0;
    stage.setAttribute('role', 'group');
    stage.setAttribute('aria-label', 'Scores over time; the arrow keys go from frame to frame');
    stage.addEventListener('pointermove', ({ clientX }) => {
      const left = stage.getBoundingClientRect().left;
      if (this.#drawing !== null) this.#show(nearest(tracks.times, this.#drawing.scale.time(clientX - left)));
    });
    stage.addEventListener('keydown', (event) => {
      const next = this.#stepped(event.key);
      if (next === null) return;
      event.preventDefault();
      this.#show(next);
    });
    this.#readout.textContent = 'Point at the tracks, or use the arrow keys, to read the scores.';
  }

  /** Belongs to this drawing from now on. */
  attach(drawing: Drawing): void {
    this.#drawing = drawing;
    this.#line = draw('line', { class: 'cursor', attributes: { y1: drawing.top, y2: drawing.bottom } });
    this.#line.style.display = 'none';
    drawing.svg.append(this.#line);
    if (this.#index !== null) this.#show(this.#index);
  }

  #stepped(key: string): number | null {
    const last = this.#tracks.times.length - 1;
    const now = this.#index ?? -1;
    const targets: Readonly<Record<string, number>> = {
      ArrowLeft: now - 1,
      ArrowRight: now + 1,
      PageUp: now - 10,
      PageDown: now + 10,
      Home: 0,
      End: last,
    };
    const target = Object.hasOwn(targets, key) ? targets[key] : undefined;
    return target === undefined ? null : Math.min(last, Math.max(0, target));
  }

  #show(index: number): void {
    const time = this.#tracks.times[index];
    if (time === undefined || this.#drawing === null) return;
    this.#index = index;
    const x = this.#drawing.scale.x(time).toFixed(1);
    this.#line?.setAttribute('x1', x);
    this.#line?.setAttribute('x2', x);
    if (this.#line !== null) this.#line.style.display = '';
    const shown = (score: number | null | undefined): string => (score == null ? 'none' : shortNumber(score));
    const { informative, relevance } = this.#tracks;
    this.#readout.textContent = `${timeText(time)}: informative ${shown(informative[index])}, relevance ${shown(relevance[index])}`;
  }
}

function nearest(times: readonly number[], time: number): number {
  let best = 0;
  for (const [index, each] of times.entries()) {
    if (Math.abs(each - time) < Math.abs((times[best] ?? 0) - time)) best = index;
  }
  return best;
}
