import type { DuetError } from '../../errors.js';
import { fromPlainError } from './messages.js';
import type { CallAnswer } from './messages.js';

/** An answer that is no failure. */
export type GoodAnswer = Exclude<CallAnswer, { type: 'failed' }>;

/** A call whose answers come in. Their number is bounded, because a worker waits when its parts are not taken. */
export class OngoingCall {
  readonly number: number;
  readonly #answers: (GoodAnswer | DuetError)[] = [];
  #onAnswer: () => void = () => undefined;
  #over = false;

  constructor(number: number) {
    this.number = number;
  }

  /** The next answer; waits for it. Throws what the worker threw. To be called once at a time. */
  async next(): Promise<GoodAnswer> {
    while (this.#answers.length === 0) {
      await new Promise<void>((resolve) => {
        this.#onAnswer = resolve;
      });
    }
    const answer = this.#answers.shift();
    if (answer === undefined || answer instanceof Error) throw answer ?? new Error('unreachable');
    return answer;
  }

  /** Waits until the call is over, telling of the answers that are left; a failure is not thrown. */
  async drain(onAnswer: (answer: GoodAnswer) => void): Promise<void> {
    try {
      while (!this.#over || this.#answers.length > 0) onAnswer(await this.next());
    } catch {
      // Whoever drains has given the call up.
    }
  }

  /** Brings an answer in. */
  deliver(answer: CallAnswer): void {
    this.#over = isLast(answer);
    this.#answers.push(answer.type === 'failed' ? fromPlainError(answer.error) : answer);
    this.#onAnswer();
  }

  /** Ends the call because no answer can come any more. */
  fail(error: DuetError): void {
    this.#over = true;
    this.#answers.push(error);
    this.#onAnswer();
  }
}

/** Whether a call is over after this answer. */
export function isLast(answer: CallAnswer): boolean {
  return answer.type !== 'part' || answer.part.type === 'end';
}
