import { shortClockText } from '../clock-text.js';
import { element, make, setText } from '../element.js';
import { problemOfThrown } from '../state/problem.js';
import { loadSamples, tellingQuestion, titleOf, type Sample } from './samples.js';

/** Where in a clip its picture is taken, in seconds: the first moment is often empty. */
const pictureTime = 2;

/** Called with the sample whose card was clicked. */
export type PickSample = (sample: Sample) => void;

/** The bundled clips as cards: a picture, the length, a question that suits it. */
export class SampleCards {
  readonly #list = element('samples', HTMLUListElement);
  readonly #empty = element('samples-empty', HTMLParagraphElement);
  readonly #pick: PickSample;

  constructor(pick: PickSample) {
    this.#pick = pick;
    this.#list.replaceChildren(
      ...[1, 2, 3].map(() => make('li', { children: [make('div', { class: 'card waiting' })] })),
    );
  }

  /** Asks the server and shows what it has; says so when it has nothing or does not answer. */
  async load(): Promise<void> {
    try {
      const samples = await loadSamples();
      this.#list.replaceChildren(
        ...samples.map((sample) =>
          make('li', { children: [this.#card(sample, tellingQuestion(sample, samples))] }),
        ),
      );
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

  #card(sample: Sample, question: string | null): HTMLButtonElement {
    const length = make('span', { class: 'card-length' });
    const video = preview(sample.url, length);
    const body = [make('span', { class: 'card-title', text: titleOf(sample.name) })];
    if (question !== null) body.push(make('span', { class: 'card-question', text: `“${question}”` }));
    const card = make('button', {
      class: 'card',
      attributes: { type: 'button', 'data-sample': sample.name },
      children: [
        make('div', { class: 'card-picture', children: [video, length] }),
        make('div', { class: 'card-body', children: body }),
      ],
    });
    playOnHover(card, video);
    card.addEventListener('click', () => {
      this.#pick(sample);
    });
    return card;
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
