import { Signal } from '../../concurrency/signal.js';
import { toDuetError } from '../../errors.js';
import { CaptionQueue } from '../../protocol/captions/caption-queue.js';
import type { CaptionSink } from './caption-sink.js';

/**
 * Sends texts to a sink as captions, a screen at a time, each for as long as it takes to read. A sink that is
 * slow or away holds nothing up: of what waits for it the oldest is left out. Trouble is told once, until the
 * sink is well.
 */
export class CaptionSender implements AsyncDisposable {
  readonly #sink: CaptionSink;
  readonly #tell: (message: string) => void;
  readonly #ending = new AbortController();
  readonly #queue: CaptionQueue<{ readonly text: string }>;
  readonly #waiting: (readonly string[])[] = [];
  readonly #cleared = new Signal();
  #isClear = true;
  #working: Promise<void> | null = null;
  #isWell = true;

  constructor(sink: CaptionSink, tell: (message: string) => void) {
    this.#sink = sink;
    this.#tell = tell;
    this.#queue = new CaptionQueue((lines) => {
      this.#send(lines);
    }, sink);
  }

  /** What it sends to, without secrets. */
  get name(): string {
    return this.#sink.name;
  }

  add(text: string): void {
    this.#isClear = false;
    this.#queue.add({ text });
  }

  /** Resolves when all that was added has been shown for its time, or when the signal aborts. */
  async shown(signal: AbortSignal): Promise<void> {
    while (!this.#isClear && !signal.aborted) await this.#cleared.wait(signal);
    await this.#working;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#queue.stop();
    this.#ending.abort();
    await this.#working;
    await this.#sink[Symbol.asyncDispose]();
  }

  #send(lines: readonly string[]): void {
    this.#waiting.push(lines);
    if (this.#waiting.length > mostWaiting) this.#waiting.shift();
    this.#isClear = lines.length === 0;
    if (this.#isClear) this.#cleared.notify();
    this.#working ??= this.#work().finally(() => {
      this.#working = null;
    });
  }

  async #work(): Promise<void> {
    for (let lines = this.#waiting.shift(); lines !== undefined; lines = this.#waiting.shift()) {
      if (this.#isEnding) return;
      try {
        await this.#sink.show(lines, this.#ending.signal);
        if (!this.#isWell) this.#tell(`${this.#sink.name} takes captions again`);
        this.#isWell = true;
      } catch (thrown) {
        if (this.#isWell && !this.#ending.signal.aborted) this.#tell(toDuetError(thrown).message);
        this.#isWell = false;
      }
    }
  }

  get #isEnding(): boolean {
    return this.#ending.signal.aborted;
  }
}

/** Most screens that wait for a sink. */
const mostWaiting = 4;
