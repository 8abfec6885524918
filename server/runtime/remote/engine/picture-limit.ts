import { DuetError } from '../../../errors.js';
import type { Situation } from '../situation.js';

/** How many pictures an engine takes at once: any number, until it refuses so many. */
export class PictureLimit {
  readonly #onLearned: (most: number) => void;
  #most: number;

  /** `onLearned` is told whenever fewer are taken than was known. */
  constructor(onLearned: (most: number) => void, most = Infinity) {
    this.#onLearned = onLearned;
    this.#most = most;
  }

  /** A limit that begins with what is known and learns for itself, until this one {@link adopt}s it. */
  apart(): PictureLimit {
    return new PictureLimit(() => undefined, this.#most);
  }

  /** Learns what another has learned. */
  adopt(other: PictureLimit): void {
    this.#lower(other.#most);
  }

  /** A situation with as many of its newest pictures as the engine takes. */
  cut(situation: Situation): Situation {
    const { pictures } = situation;
    return pictures.length <= this.#most
      ? situation
      : { ...situation, pictures: pictures.slice(-this.#most) };
  }

  /** Asks about a situation, again with fewer pictures where so many are refused. */
  async within<Answer>(situation: Situation, ask: (cut: Situation) => Promise<Answer>): Promise<Answer> {
    for (;;) {
      const cut = this.cut(situation);
      try {
        return await ask(cut);
      } catch (thrown) {
        if (!this.learn(thrown, cut.pictures.length)) throw thrown;
      }
    }
  }

  /** Learns from what a request with so many pictures threw; whether fewer may be taken. */
  learn(thrown: unknown, shown: number): boolean {
    if (!(thrown instanceof DuetError && thrown.cause instanceof TooMuchShown) || shown <= 1) return false;
    this.#lower(fewerThan(shown, thrown.cause.words));
    return true;
  }

  #lower(most: number): void {
    if (most >= this.#most) return;
    this.#most = most;
    this.#onLearned(most);
  }
}

/** Marks, as a cause, that an engine refused a request which might have been taken with fewer pictures. */
export class TooMuchShown {
  readonly words: string;

  constructor(words: string) {
    this.words = words;
  }
}

/** Whether the words of a refusal say that there were too many pictures, of an engine that takes any. */
export function isTooManyPictures(words: string): boolean {
  return tooMany.test(words) && !/at most 0 /i.test(words);
}

/** As vLLM, SGLang, OpenAI, Gemini, Groq, Mistral and others say it. */
const tooMany = new RegExp(
  [
    'too (?:many|much) (?:images|pictures|media)|limit[-_]mm[-_]per[-_]prompt',
    'at most \\d+ (?:image|picture)|image count \\d+ exceeds|\\d+ images?,? exceed',
    '(?:up to|maximum of|max(?:imum)?(?: is)?|limit(?: of)?|only) (?:\\d+|one|a single) images?\\b(?! (?:size|input))',
    '(?:multiple|more than (?:one|\\d+)) images?\\b.{0,40}\\bnot (?:supported|allowed)',
    'not support (?:multiple|more than (?:one|\\d+)) images?',
  ].join('|'),
  'i',
);

/** The largest number that a refusal names, as long as it is smaller; or else half of them. */
function fewerThan(shown: number, words: string): number {
  const named = [...words.matchAll(/\d+/g)].map(([digits]) => Number(digits));
  const smaller = named.filter((count) => count >= 1 && count < shown);
  return smaller.length === 0 || !isTooManyPictures(words) ? Math.floor(shown / 2) : Math.max(...smaller);
}
