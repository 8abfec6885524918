/**
 * A log that clients cannot flood: of lines that begin with the same message it writes the first few every
 * ten seconds, then how many it left out.
 */
export class RateLimitedLog implements Disposable {
  readonly #write: Log;
  readonly #topics = new Map<string, Topic>();

  constructor(write: Log) {
    this.#write = write;
  }

  readonly log: Log = (message, cause) => {
    const topic = this.#topicOf(message);
    topic.lines += 1;
    if (topic.lines <= mostLines) this.#write(message, cause);
  };

  /** Writes how many lines have been left out so far. */
  [Symbol.dispose](): void {
    for (const message of [...this.#topics.keys()]) this.#close(message);
  }

  #topicOf(message: string): Topic {
    const known = this.#topics.get(message);
    if (known) return known;
    const period = setTimeout(() => {
      this.#close(message);
    }, periodMs);
    period.unref();
    const topic: Topic = { lines: 0, period };
    this.#topics.set(message, topic);
    return topic;
  }

  #close(message: string): void {
    const topic = this.#topics.get(message);
    if (!topic) return;
    clearTimeout(topic.period);
    this.#topics.delete(message);
    const left = topic.lines - mostLines;
    if (left > 0) this.#write(`${message} (${left} more of these lines were left out)`);
  }
}

/** Writes one line about the server's own activity; never anything that users wrote or showed. */
export type Log = (message: string, cause?: unknown) => void;

/** Lines of one kind written per period, and the period in milliseconds. */
const mostLines = 10;

const periodMs = 10_000;

interface Topic {
  lines: number;
  readonly period: ReturnType<typeof setTimeout>;
}
