import { element, make, setText } from '../../common/element.js';
import type { DuetView, FrameTrace } from '../state/view.js';
import { frameText } from './reason-text.js';

interface LegendEntry {
  readonly row: HTMLLIElement;
  readonly value: HTMLSpanElement;
  readonly read: (frame: FrameTrace) => number | null;
}

/** The legend with the values, and the sentence under the plot: of the frame pointed at, else of the newest one. */
export class Readout {
  readonly #line = element('readout', HTMLParagraphElement);
  readonly #heads: readonly LegendEntry[] = [
    entry('Informative', '--informative', (frame) => frame.informative_score),
    entry('Relevance', '--relevance', (frame) => frame.relevance_score),
  ];
  readonly #score = entry('Score', '--score', (frame) => frame.score);
  readonly #sum = entry('Sum', '--score', (frame) => frame.running_sum);
  readonly #threshold = entry('Threshold', '--threshold', (frame) => frame.threshold, true);
  readonly #all = [...this.#heads, this.#score, this.#sum, this.#threshold];
  #frames: readonly FrameTrace[] = [];
  #pointed: number | null = null;

  constructor() {
    element('legend', HTMLUListElement).append(...this.#all.map(({ row }) => row));
  }

  /** @param spoken whether the sentence is to be read out, as when the keyboard moves through the frames */
  point(index: number | null, spoken: boolean): void {
    this.#pointed = index;
    if (spoken) this.#line.setAttribute('aria-live', 'polite');
    else this.#line.removeAttribute('aria-live');
    this.#update();
  }

  show(view: DuetView): void {
    this.#frames = view.frames;
    const policy = view.settings?.policy.type;
    this.#sum.row.hidden = policy !== 'sum';
    this.#score.row.hidden = policy === 'sum';
    this.#threshold.row.hidden = policy === 'never';
    this.#update();
  }

  #update(): void {
    const frame = this.#pointed === null ? this.#frames.at(-1) : this.#frames[this.#pointed];
    for (const { value, read } of this.#all) setText(value, (frame && read(frame)?.toFixed(2)) ?? '–');
    setText(
      this.#line,
      frame === undefined
        ? 'Every frame is scored; point at one to learn why the model spoke or kept silent.'
        : frameText(frame),
    );
  }
}

function entry(label: string, color: string, read: LegendEntry['read'], dashed = false): LegendEntry {
  const swatch = make('span', { class: dashed ? 'legend-swatch dashed' : 'legend-swatch' });
  swatch.style.setProperty('--swatch', `var(${color})`);
  const value = make('span', { class: 'legend-value', text: '–' });
  return { row: make('li', { children: [swatch, make('span', { text: label }), value] }), value, read };
}
