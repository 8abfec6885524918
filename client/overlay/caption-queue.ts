import { captionPages } from '../../server/protocol/caption-lines.js';
import { readingSeconds } from '../../server/protocol/subtitles.js';
import type { SaidWords } from './follow-session.js';

/**
 * Replies as captions, one after another: at most two lines at once, each for as long as it takes to read, then
 * nothing. While others wait it is quicker; of many that wait the oldest are left out, for captions that lag behind
 * the picture are worse than none.
 */
export class CaptionQueue {
  readonly #show: (caption: Caption | null) => void;
  readonly #staySeconds: number | null;
  readonly #waiting: Caption[][] = [];
  #pages: Caption[] = [];
  #shown: { readonly page: Caption; readonly sinceMs: number } | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param show puts a caption on the screen; null clears it
   * @param staySeconds how long captions stay at least once nothing else waits, null as long as it takes to read them
   */
  constructor(show: (caption: Caption | null) => void, staySeconds: number | null) {
    this.#show = show;
    this.#staySeconds = staySeconds;
  }

  add({ text, isUser }: SaidWords): void {
    this.#waiting.push(
      captionPages(text)
        .slice(0, mostPages)
        .map((lines) => ({ lines, isUser })),
    );
    if (this.#waiting.length > mostWaiting) this.#waiting.shift();
    this.#await();
  }

  #await(): void {
    clearTimeout(this.#timer);
    const leftMs =
      this.#shown === null ? 0 : this.#shown.sinceMs + this.#stayMs(this.#shown.page) - Date.now();
    if (leftMs <= 0) this.#next();
    // Timers take no longer wait.
    else if (leftMs < 2 ** 31) {
      this.#timer = setTimeout(() => {
        this.#next();
      }, leftMs);
    }
  }

  #next(): void {
    if (this.#pages.length === 0) this.#pages = this.#waiting.shift() ?? [];
    const page = this.#pages.shift();
    this.#show(page ?? null);
    this.#shown = page === undefined ? null : { page, sinceMs: Date.now() };
    if (page !== undefined) this.#await();
  }

  #stayMs({ lines }: Caption): number {
    const reading = readingSeconds(lines.join(' '));
    const isLast = this.#waiting.length === 0 && this.#pages.length === 0;
    if (isLast) return 1000 * Math.max(reading, this.#staySeconds ?? 0);
    return 1000 * Math.max(glanceSeconds, reading / (1 + this.#waiting.length));
  }
}

/** What is on the screen at once. */
export interface Caption {
  readonly lines: readonly string[];
  readonly isUser: boolean;
}

/** Most screens of one reply, and replies that wait. */
const mostPages = 10;
const mostWaiting = 3;

/** How long a caption stays at least, however many wait. */
const glanceSeconds = 1.2;
