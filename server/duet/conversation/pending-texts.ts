/** A user text on its way into the conversation. */
export interface UserText {
  readonly text: string;
  /** Media time in seconds before which it must not be inserted; null means at once. */
  readonly requestedTime: number | null;
  /** The client's own id for the message that brought it. */
  readonly clientEventId: string | null;
}

/** User texts that wait for their moment, in the order of arrival. */
export class PendingTexts {
  #waiting: UserText[] = [];

  get count(): number {
    return this.#waiting.length;
  }

  add(text: UserText): void {
    this.#waiting.push(text);
  }

  /** The texts due at `videoTime`, at most `most`, in the order of arrival. */
  due(videoTime: number, most = Infinity): readonly UserText[] {
    return this.#waiting.filter((text) => isDue(text, videoTime)).slice(0, most);
  }

  /** Takes out a text that waits no longer. */
  remove(inserted: UserText): void {
    this.#waiting = this.#waiting.filter((text) => text !== inserted);
  }

  /** How many texts wait for a later moment than `videoTime`. */
  countAfter(videoTime: number): number {
    return this.#waiting.filter((text) => !isDue(text, videoTime)).length;
  }

  /** Whether a text waits that is due at `videoTime`. */
  hasDue(videoTime: number): boolean {
    return this.#waiting.some((text) => isDue(text, videoTime));
  }
}

function isDue(text: UserText, videoTime: number): boolean {
  return text.requestedTime === null || text.requestedTime <= videoTime;
}
