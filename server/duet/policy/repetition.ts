import { isDistinctive, isSameWord, saidWords } from './said-words.js';

/** A reply that was told. */
export interface ToldReply {
  readonly responseId: string;
  /** Seconds on the media clock. */
  readonly videoTime: number;
  readonly words: readonly string[];
}

/** A reply as it is remembered. */
export function toldReply(responseId: string, videoTime: number, text: string): ToldReply {
  return { responseId, videoTime, words: saidWords(text) };
}

/**
 * The newest of the earlier replies that a text adds nothing to; null if there is none. It adds nothing if
 * all of its words occur there in the same order, but for articles, auxiliaries and endings of verbs, and if
 * it also has every number, colour, side and negation of the earlier one: "2 to 2" is no repetition of "3 to
 * 2", nor "the cat sees the dog" of "the dog sees the cat".
 */
export function repeatedBy(text: string, earlier: readonly ToldReply[]): ToldReply | null {
  const words = saidWords(text);
  if (words.length === 0) return null;
  return earlier.findLast((told) => addsNothing(words, told.words)) ?? null;
}

/** Which earlier replies a text that is still being written may yet turn out to repeat. */
export function perhapsRepeated(beginning: string, earlier: readonly ToldReply[]): readonly ToldReply[] {
  const words = saidWords(wholeWords(beginning));
  return earlier.filter((told) => matchesIn(words, told.words) !== null);
}

/**
 * The newest of the earlier replies that begins with the same words as a text that is still being written,
 * at least `least` of them, and goes on without a number, colour, side or negation that might have changed;
 * null if there is none.
 */
export function begunBy(beginning: string, earlier: readonly ToldReply[], least: number): ToldReply | null {
  const words = saidWords(wholeWords(beginning));
  if (words.length < least) return null;
  return earlier.findLast((told) => goesOnAs(words, told.words)) ?? null;
}

/** The replies of the last `seconds` before a frame, at most the newest {@link mostRemembered}. */
export function toldWithin(
  told: readonly ToldReply[],
  seconds: number,
  videoTime: number,
): readonly ToldReply[] {
  return told.filter((reply) => videoTime - reply.videoTime < seconds).slice(-mostRemembered);
}

/** Most replies that another one is compared with. */
const mostRemembered = 64;

function addsNothing(words: readonly string[], told: readonly string[]): boolean {
  const matched = matchesIn(words, told);
  return matched !== null && told.every((word, index) => matched.has(index) || !isDistinctive(word));
}

/** Which words of an earlier reply all the words match, in order; null if they do not. */
function matchesIn(words: readonly string[], told: readonly string[]): ReadonlySet<number> | null {
  const matched = new Set<number>();
  let from = 0;
  for (const word of words) {
    const start = from;
    const at = told.findIndex((other, index) => index >= start && isSameWord(word, other));
    if (at === -1) return null;
    matched.add(at);
    from = at + 1;
  }
  return matched;
}

function goesOnAs(words: readonly string[], told: readonly string[]): boolean {
  const same = words.every((word, index) => isSameWord(word, told[index] ?? ''));
  return same && !told.slice(words.length).some(isDistinctive);
}

/** The text without its last word, which may not be complete. */
function wholeWords(beginning: string): string {
  return beginning.replace(/[\p{L}\p{M}\p{N}'’]+$/u, '');
}
