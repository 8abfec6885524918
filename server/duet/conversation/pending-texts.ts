import type { StandingQuestion } from './standing-questions.js';

/** A user text on its way into the conversation. */
export interface UserText {
  readonly text: string;
  /** Media time in seconds before which it must not be inserted; null for at once. */
  readonly requestedTime: number | null;
  /** The client's id of the message it came in. */
  readonly clientEventId: string | null;
  /** The standing question that it is; null if the user just says it. */
  readonly question: StandingQuestion | null;
}

/** User texts waiting to be inserted, in order of arrival. */
export class PendingTexts {
  #waiting: UserText[] = [];

  get count(): number {
    return this.#waiting.length;
  }

  add(text: UserText): void {
    this.#waiting.push(text);
  }

  /** The texts due at `videoTime`, at most `most`, in order of arrival. */
  due(videoTime: number, most = Infinity): readonly UserText[] {
    return this.#waiting.filter((text) => isDue(text, videoTime)).slice(0, most);
  }

  /** Removes a text that waits no more; returns whether it was still there. */
  remove(gone: UserText): boolean {
    const before = this.#waiting.length;
    this.#waiting = this.#waiting.filter((text) => text !== gone);
    return this.#waiting.length < before;
  }

  /** Removes a question that has not been inserted yet. */
  removeQuestion({ questionId }: StandingQuestion): void {
    this.#waiting = this.#waiting.filter(({ question }) => question?.questionId !== questionId);
  }

  /** How many texts wait for a time after `videoTime`. */
  countAfter(videoTime: number): number {
    return this.#waiting.filter((text) => !isDue(text, videoTime)).length;
  }

  /** Whether any text is due at `videoTime`. */
  hasDue(videoTime: number): boolean {
    return this.#waiting.some((text) => isDue(text, videoTime));
  }
}

function isDue(text: UserText, videoTime: number): boolean {
  return text.requestedTime === null || text.requestedTime <= videoTime;
}
