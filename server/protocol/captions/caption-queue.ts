import { captionPages } from '../caption-lines.js';
import { readingSeconds } from '../subtitles.js';

/**
 * Things said as captions, one after another: at most two lines at once, each for as long as it takes to
 * read, then nothing. While others wait it is quicker; of many that wait the oldest are left out, for
 * captions that lag behind the picture are worse than none.
 */
export class CaptionQueue<Said extends { readonly text: string }> {
  readonly #show: ShowCaption<Said>;
  readonly #options: CaptionOptions;
  readonly #waiting: Caption<Said>[][] = [];
  #pages: Caption<Said>[] = [];
  #shown: { readonly caption: Caption<Said>; readonly sinceMs: number } | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(show: ShowCaption<Said>, options: CaptionOptions = {}) {
    this.#show = show;
    this.#options = options;
  }

  add(said: Said): void {
    const pages = captionPages(said.text, this.#options.columns).slice(0, mostPages);
    this.#waiting.push(pages.map((lines) => ({ lines, said })));
    if (this.#waiting.length > mostWaiting) this.#waiting.shift();
    this.#await();
  }

  /** Forgets what waits, and leaves the screen as it is. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#waiting.length = 0;
    this.#pages = [];
  }

  #await(): void {
    clearTimeout(this.#timer);
    const leftMs =
      this.#shown === null ? 0 : this.#shown.sinceMs + this.#stayMs(this.#shown.caption) - Date.now();
    if (leftMs <= 0) this.#next();
    // Timers take no longer wait.
    else if (leftMs < 2 ** 31) this.#timer = setTimeout(this.#next, leftMs);
  }

  readonly #next = (): void => {
    if (this.#pages.length === 0) this.#pages = this.#waiting.shift() ?? [];
    const caption = this.#pages.shift();
    this.#shown = caption === undefined ? null : { caption, sinceMs: Date.now() };
    this.#show(caption?.lines ?? [], caption?.said ?? null);
    if (caption !== undefined) this.#await();
  };

  #stayMs({ lines }: Caption<Said>): number {
    const reading = readingSeconds(lines.join(' '));
    const isLast = this.#waiting.length === 0 && this.#pages.length === 0;
    if (isLast) return 1000 * Math.max(reading, this.#options.staySeconds ?? 0);
    return 1000 * Math.max(glanceSeconds, reading / (1 + this.#waiting.length));
  }
}

/**
 * Puts at most two lines of something said on the screen, in place of those before; without lines it is
 * clear.
 */
type ShowCaption<Said> = (lines: readonly string[], said: Said | null) => void;

interface CaptionOptions {
  /** Columns of a line; default 42. */
  readonly columns?: number;
  /**
   * How long captions stay at least once nothing else waits, in seconds; default as long as it takes to read
   * them.
   */
  readonly staySeconds?: number | null;
}

/** What is on the screen at once. */
interface Caption<Said> {
  readonly lines: readonly string[];
  readonly said: Said;
}

/** Most screens of one thing said, and things said that wait. */
const mostPages = 10;
const mostWaiting = 3;

/** How long a caption stays at least, however many wait. */
const glanceSeconds = 1.2;
