import { DuetError } from '../../errors.js';
import type { Picture } from '../../video/frame.js';
import type { ContextMark } from '../model.js';
import { isApart } from './apart.js';
import { pictureUrl } from './picture-url.js';
import type { ShownPicture, Utterance } from './situation.js';

/** What a conversation with a remote model holds, oldest first. Marks name the entry before them. */
export class Entries {
  readonly #quality: number;
  /** How many of the newest pictures are ever shown. */
  readonly #most: number;
  /** Least seconds between two pictures that are shown. */
  readonly #every: number;
  #list: readonly Entry[] = [];
  #numbered = 0;

  constructor({ quality, most, every }: ShownPictures) {
    this.#quality = quality;
    this.#most = most;
    this.#every = every;
  }

  /** In bytes, as the model's capacity counts. */
  get size(): number {
    return this.#list.reduce((sum, { size }) => sum + size, 0);
  }

  /** The place after everything. */
  get newest(): ContextMark {
    return { place: this.#list.at(-1)?.id ?? 0 };
  }

  /** What the user said, oldest first. */
  get questions(): readonly string[] {
    return this.#list.flatMap((entry) => (entry.type === 'user' ? [entry.text] : []));
  }

  /** What was said, oldest first. */
  get transcript(): readonly Utterance[] {
    return this.#list.flatMap((entry) => {
      if (entry.type === 'frame' || entry.type === 'system') return [];
      return [{ by: entry.type, text: entry.text, time: entry.time }];
    });
  }

  addText(type: 'system' | 'user' | 'assistant', text: string): ContextMark {
    const time = this.#list.findLast((entry) => entry.type === 'frame')?.time ?? null;
    return this.#add({ type, text, time, size: turnBytes + Buffer.byteLength(text) });
  }

  addPicture(picture: Picture): ContextMark {
    const mark = this.#add({
      ...{ type: 'frame', time: picture.videoTime ?? null, size: frameBytes },
      shown: urlOnce(picture, this.#quality),
    });
    this.#forgetPictures();
    return mark;
  }

  /** The newest picture and those before it, oldest first, as far as they are kept. */
  shown(most: number): Promise<readonly ShownPicture[]> {
    const pictures = this.#list.flatMap((entry) =>
      entry.type === 'frame' && entry.shown !== null ? [{ time: entry.time, shown: entry.shown }] : [],
    );
    const chosen = pictures.reduceRight<typeof pictures>((later, picture) => {
      const [next = null] = later;
      return next === null || isApart(picture.time, next.time, this.#every) ? [picture, ...later] : later;
    }, []);
    return Promise.all(chosen.slice(-most).map(async ({ time, shown }) => ({ time, url: await shown() })));
  }

  /** Forgets everything after a mark. */
  cutBackTo(mark: ContextMark): void {
    const place = this.#placeOf(mark);
    this.#list = this.#list.filter(({ id }) => id <= place);
  }

  /** Forgets what lies after one mark up to another. */
  evict(from: ContextMark, to: ContextMark): void {
    const [first, last] = [this.#placeOf(from), this.#placeOf(to)];
    this.#list = this.#list.filter(({ id }) => id <= first || id > last);
  }

  #add(entry: NewEntry): ContextMark {
    this.#numbered += 1;
    this.#list = [...this.#list, { ...entry, id: this.#numbered }];
    return { place: this.#numbered };
  }

  /**
   * The pixels of a few pictures take more than all texts together. The newest need not be apart from the
   * last.
   */
  #forgetPictures(): void {
    const frames = this.#list.filter((entry) => entry.type === 'frame' && entry.shown !== null);
    let last: number | null = null;
    const apart = frames.slice(0, -1).filter(({ time }) => {
      const isKept = isApart(last, time, this.#every);
      if (isKept) last = time;
      return isKept;
    });
    const kept = new Set([...apart, ...frames.slice(-1)].slice(-this.#most - 1).map(({ id }) => id));
    this.#list = this.#list.map((entry) =>
      entry.type === 'frame' && entry.shown !== null && !kept.has(entry.id)
        ? { ...entry, shown: null }
        : entry,
    );
  }

  #placeOf({ place }: ContextMark): number {
    if (typeof place === 'number' && this.#list.some(({ id }) => id === place)) return place;
    throw new DuetError('internal', `the conversation holds no place ${JSON.stringify(place)}`);
  }
}

/** Bytes that a turn takes besides its text, and that a frame takes. */
export const turnBytes = 16;
export const frameBytes = 128;

/** Which pictures are shown, and how. */
interface ShownPictures {
  /** Of the JPEGs. */
  readonly quality: number;
  /** How many of the newest pictures are ever shown. */
  readonly most: number;
  /** Least seconds of video between two of them; 0 where they may follow each other. */
  readonly every: number;
}

type Entry = NewEntry & { readonly id: number };

type NewEntry = {
  /** Seconds on the video's clock; null if the video has none. */
  readonly time: number | null;
  readonly size: number;
} & (
  | { readonly type: 'system' | 'user' | 'assistant'; readonly text: string }
  | {
      readonly type: 'frame';
      /** Null once it is too old to be shown. */
      readonly shown: (() => Promise<string>) | null;
    }
);

/** Encodes a picture when it is first shown. */
function urlOnce(picture: Picture, quality: number): () => Promise<string> {
  let url: Promise<string> | null = null;
  return () => (url ??= pictureUrl(picture, quality));
}
