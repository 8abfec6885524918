import { shortClockText } from '../../common/clock-text.js';
import { element, make, setText, type Parts } from '../../common/element.js';
import { problemOfThrown } from '../state/problem.js';
import { cardQuestions, loadSamples, titleOf, type Sample } from './samples.js';

/** Where in a clip its picture is taken, in seconds: the first moment is often empty. */
const pictureTime = 2;

/** Called with the sample that was picked, and the question, if it was that what was clicked. */
export type PickSample = (sample: Sample, question: string | null) => void;

/**
 * The bundled clips as cards: a picture, the length, questions that suit it; the first one is the one to try
 * first.
 */
export class SampleCards {
  readonly #list = element('samples', HTMLUListElement);
  readonly #empty = element('samples-empty', HTMLParagraphElement);
  readonly #pick: PickSample;
  #last: HTMLButtonElement | null = null;

  constructor(pick: PickSample) {
    this.#pick = pick;
    this.#list.replaceChildren(
      ...[1, 2, 3].map(() => make('li', { children: [make('div', { class: 'card waiting' })] })),
    );
  }

  /** What was picked last on the cards, to come back to; else the first card. */
  get last(): HTMLButtonElement | null {
    return this.#last ?? this.#list.querySelector('button');
  }

  /** Asks the server and shows what it has; says so when it has nothing or does not answer. */
  async load(): Promise<void> {
    try {
      const samples = await loadSamples();
      this.#list.replaceChildren(...samples.map((sample) => this.#card(sample, samples)));
      this.#say(samples.length === 0 ? 'This server has no samples.' : '');
    } catch (thrown) {
      this.#list.replaceChildren();
      const { what, remedy } = problemOfThrown(thrown);
      this.#say(`The samples could not be listed. ${what}: ${remedy}`);
    }
    this.#list.setAttribute('aria-busy', 'false');
  }

  #say(text: string): void {
    this.#empty.hidden = text === '';
    setText(this.#empty, text);
  }

  #card(sample: Sample, all: readonly Sample[]): HTMLLIElement {
    const isFirst = sample === all[0];
    const length = make('span', { class: 'card-length' });
    const video = preview(sample.url, length);
    const first = make('span', { class: 'card-first', text: 'Try this first' });
    const picture = make('span', { class: 'card-picture', children: [video, length] });
    if (isFirst) picture.append(first);
    const title = make('span', { class: 'card-title', text: titleOf(sample.name) });
    const open = this.#button(sample, null, { class: 'card-open', children: [picture, title] });
    open.dataset['sample'] = sample.name;
    const questions = cardQuestions(sample, all, isFirst ? 2 : 1).map((text) =>
      this.#button(sample, text, { class: 'chip', text, attributes: { dir: 'auto' } }),
    );
    const asking = make('div', { class: 'card-questions', children: questions });
    const card = make('li', { class: 'card', children: questions.length === 0 ? [open] : [open, asking] });
    playOnHover(card, video);
    return card;
  }

  #button(sample: Sample, question: string | null, parts: Parts): HTMLButtonElement {
    const button = make('button', parts);
    button.type = 'button';
    button.addEventListener('click', () => {
      this.#last = button;
      this.#pick(sample, question);
    });
    return button;
  }
}

function preview(url: string, length: HTMLElement): HTMLVideoElement {
  const video = make('video', {
    attributes: { preload: 'metadata', playsinline: '', 'aria-hidden': 'true', tabindex: '-1' },
  });
  video.muted = true;
  video.loop = true;
  length.hidden = true;
  video.addEventListener('loadedmetadata', () => {
    length.hidden = !Number.isFinite(video.duration);
    setText(length, shortClockText(video.duration));
    video.currentTime = Math.min(pictureTime, video.duration / 2);
  });
  video.src = url;
  return video;
}

function playOnHover(card: HTMLElement, video: HTMLVideoElement): void {
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  card.addEventListener('pointerenter', ({ pointerType }) => {
    if (pointerType === 'mouse') video.play().catch(() => undefined);
  });
  card.addEventListener('pointerleave', () => {
    video.pause();
  });
}
