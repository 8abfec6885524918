import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import { postMessage, type PostAnswer, type Failure, type PostRules } from './post-message.js';
import type { MessageQueue, QueuedMessage } from './message-queue.js';
import { signedHeaders } from './signature.js';

/**
 * Sends the messages of a queue, those of one lane one after another, and tries each again until the receiver
 * has taken it.
 */
export class MessageDelivery implements AsyncDisposable {
  readonly #queue: MessageQueue;
  readonly #options: DeliveryOptions;
  readonly #lanes = new Map<string, QueuedMessage[]>();
  readonly #running = new Set<Promise<void>>();
  readonly #limit = pLimit(mostAtOnce);
  readonly #stop = new AbortController();
  /** Whether the receiver failed last, which is logged once. */
  #isDown = false;

  constructor(queue: MessageQueue, options: DeliveryOptions) {
    this.#queue = queue;
    this.#options = options;
  }

  /** Sends a message once those before it in its lane are gone. */
  add(message: QueuedMessage): void {
    const lane = this.#lanes.get(message.lane);
    if (lane !== undefined) {
      lane.push(message);
      return;
    }
    const fresh = [message];
    this.#lanes.set(message.lane, fresh);
    const running = this.#send(message.lane, fresh)
      .catch((thrown: unknown) => {
        if (!this.#stop.signal.aborted) this.#options.log('The webhook fails', thrown);
      })
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Stops at once; a message that is just being sent may arrive, and be sent again by the next server. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#running);
  }

  async #send(name: string, lane: QueuedMessage[]): Promise<void> {
    for (let message = lane[0]; message !== undefined; message = lane[0]) {
      await this.#sendUntilTaken(message);
      if (this.#stop.signal.aborted) return;
      await this.#queue.remove(message);
      lane.shift();
    }
    this.#lanes.delete(name);
  }

  /** Resolves once the receiver has taken a message, or it is given up. */
  async #sendUntilTaken(message: QueuedMessage): Promise<void> {
    const { signal } = this.#stop;
    for (let attempt = 1; !signal.aborted; attempt += 1) {
      const answer = await this.#limit(() => this.#attempt(message));
      if (answer === null || answer.type === 'taken') {
        if (answer !== null) this.#isDown = false;
        return;
      }
      const age = Date.now() - message.queuedAtMs;
      const isRefused = answer.final || (answer.refused && attempt >= mostRefusals);
      if (isRefused || age > mostAgeMs) {
        this.#options.log(`The webhook gives up ${message.id}: ${answer.reason}`);
        return;
      }
      this.#tellFailure(message, attempt, answer);
      await pauseAfter(attempt, this.#options, signal, answer.retryAfterMs ?? 0);
    }
  }

  async #attempt(message: QueuedMessage): Promise<PostAnswer | null> {
    const body = await this.#queue.bodyOf(message);
    if (body === null || this.#stop.signal.aborted) return null;
    const { url, key, rules } = this.#options;
    const headers = signedHeaders({ id: message.id, body }, key, Date.now());
    return postMessage({ url, headers, body }, rules, this.#stop.signal);
  }

  /** Once for a message that is not wanted, and once while the receiver is out of order. */
  #tellFailure({ id }: QueuedMessage, attempt: number, { refused, reason }: Failure): void {
    const { log } = this.#options;
    if (refused && attempt === 1) log(`The webhook does not want ${id}, which is tried again: ${reason}`);
    if (refused) return;
    if (!this.#isDown) log(`The webhook does not take messages, which wait: ${reason}`);
    this.#isDown = true;
  }
}

/**
 * Waits before the next attempt: twice as long after each, and a little apart; at least as long as was asked
 * for.
 */
export async function pauseAfter(
  attempt: number,
  { firstPauseMs = 1000, longestPauseMs = 300_000 }: Pauses,
  signal: AbortSignal,
  askedMs = 0,
): Promise<void> {
  const pause = Math.min(longestPauseMs, firstPauseMs * 2 ** (attempt - 1));
  // Receivers that come back must not be met by everything at once.
  const spread = pause * (1 - 0.2 * Math.random());
  const wait = Math.max(spread, Math.min(askedMs, longestRetryAfterMs));
  await sleep(wait, undefined, { signal, ref: false }).catch(() => undefined);
}

/**
 * Pause after the first failure, which doubles with each, and the longest; default a second and five minutes.
 */
interface Pauses {
  readonly firstPauseMs?: number | undefined;
  readonly longestPauseMs?: number | undefined;
}

/** Where messages go, and how. */
export interface DeliveryOptions extends Pauses {
  readonly url: URL;
  readonly key: Buffer;
  readonly rules: PostRules;
  readonly log: (message: string, cause?: unknown) => void;
}

/** Messages sent at once, all of different lanes. */
const mostAtOnce = 8;

/**
 * How often a message is sent to a receiver that does not want it, and for how long to one that is not there.
 */
const mostRefusals = 8;
const mostAgeMs = 3 * 86_400_000;

const longestRetryAfterMs = 3_600_000;
