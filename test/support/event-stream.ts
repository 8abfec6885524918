import { EventSourceParserStream, type EventSourceMessage } from 'eventsource-parser/stream';
import { onTestFinished } from 'vitest';

/** A reader of server-sent events over a real connection, which is closed when the test ends. */
export class StreamReader implements AsyncDisposable {
  readonly response: Response;
  readonly #reader: ReadableStreamDefaultReader<EventSourceMessage> | null;
  readonly #gone: AbortController;

  private constructor(response: Response, gone: AbortController) {
    this.response = response;
    this.#gone = gone;
    const { body } = response;
    this.#reader =
      body === null || response.status !== 200
        ? null
        : body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream()).getReader();
    onTestFinished(() => this[Symbol.asyncDispose]());
  }

  static async open(url: string, lastEventId?: string): Promise<StreamReader> {
    const gone = new AbortController();
    const headers = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
    return new StreamReader(await fetch(url, { headers, signal: gone.signal }), gone);
  }

  /** The next event and its id; null at the end. */
  async next(): Promise<StreamedEvent | null> {
    const value = (await this.#reader?.read())?.value;
    if (value === undefined) return null;
    if (value.event === 'ping') return this.next();
    // An event with a name of its own stands beside the session's, and has no number.
    const named = value.event === undefined ? {} : { type: value.event };
    return { ...(JSON.parse(value.data) as { type: string; seq: number }), ...named, id: value.id ?? '' };
  }

  /** The next so many. */
  async take(count: number): Promise<readonly StreamedEvent[]> {
    const taken: StreamedEvent[] = [];
    for (let event = count === 0 ? null : await this.next(); event !== null; event = await this.next()) {
      taken.push(event);
      if (taken.length === count) break;
    }
    return taken;
  }

  /** All that still come. */
  rest(): Promise<readonly StreamedEvent[]> {
    return this.take(Infinity);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#gone.abort();
    return Promise.resolve();
  }
}

/** An event of a session as it was streamed. */
export interface StreamedEvent {
  readonly type: string;
  readonly seq: number;
  readonly id: string;
  readonly [field: string]: unknown;
}
