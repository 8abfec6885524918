import { InvalidArgumentError } from 'commander';
import { clockTime } from './terminal-text.js';

/** A user text and when to say it: seconds on the media clock, or null for at once. */
export interface Ask {
  readonly text: string;
  readonly videoTime: number | null;
}

/** Collects `--ask TEXT`. */
export function collectAsk(text: string, earlier: readonly Ask[] = []): readonly Ask[] {
  if (text.trim() === '') throw new InvalidArgumentError('it is empty');
  return [...earlier, { text, videoTime: null }];
}

/**
 * A time and a text. The time is `S`, `M:SS` or `H:MM:SS`, seconds with decimals, and ends at the first colon
 * that no digit follows.
 */
const timed = /^(?:(\d+):)?(?:(\d+):)?(\d+(?:\.\d+)?):(.*\S.*)$/s;

/**
 * Collects `--ask-at TIME:TEXT`. The time is read as far as possible, so a text that itself begins with
 * digits and a colon needs a space before it: `5: 10:30 is lunch`.
 */
export function collectAskAt(value: string, earlier: readonly Ask[] = []): readonly Ask[] {
  const [, first, second, last, text] = timed.exec(value) ?? [];
  if (last === undefined || text === undefined) {
    throw new InvalidArgumentError(
      'expected SECONDS:TEXT or M:SS:TEXT, as in 4.5:"What is this?" or 1:30:"And now?"',
    );
  }
  if (first === undefined && /^\d\d(?:\.\d+)?:?$/.test(text)) {
    throw new InvalidArgumentError(`the text at ${value} is missing; put a space before a text of digits`);
  }
  const parts = [first, second, last].filter((part) => part !== undefined);
  if (parts.slice(1).some((part) => !/^[0-5]\d(?:\.|$)/.test(part))) {
    throw new InvalidArgumentError(
      `${parts.join(':')} is not a time: minutes and seconds after the first part have two digits up to ` +
        '59, as in 1:05; put a space before a text that begins with digits',
    );
  }
  const videoTime = parts.reduce((seconds, part) => seconds * 60 + Number(part), 0);
  return [...earlier, { text: text.trimStart(), videoTime }];
}

/** A question to watch for until the end. */
export interface AskedQuestion {
  readonly text: string;
  /** What its scores must exceed; null for the threshold of the settings. */
  readonly threshold: number | null;
}

/**
 * Collects `--question [THRESHOLD:]TEXT`. A text that itself begins with a number and a colon needs a space
 * before it.
 */
export function collectQuestion(
  value: string,
  earlier: readonly AskedQuestion[] = [],
): readonly AskedQuestion[] {
  const [, threshold, rest] = /^(\d+(?:\.\d+)?|\.\d+):(.*)$/s.exec(value) ?? [];
  const text = (rest ?? value).trim();
  if (text === '') throw new InvalidArgumentError('its text is empty');
  return [...earlier, { text, threshold: threshold === undefined ? null : Number(threshold) }];
}

/** The texts for times after `end`, in seconds. */
export function asksAfter(asks: readonly Ask[], end: number): Ask[] {
  return asks.filter(({ videoTime }) => videoTime !== null && videoTime > end);
}

/** The `count` texts with the latest times. */
export function latestOf(asks: readonly Ask[], count: number): Ask[] {
  const timed = asks.filter(({ videoTime }) => videoTime !== null);
  return timed.sort((one, other) => (other.videoTime ?? 0) - (one.videoTime ?? 0)).slice(0, count);
}

/**
 * Warns in one line about texts that were never asked. `end` is the length of the video; null if watching
 * ended earlier or the length is unknown.
 */
export function warnOfUnasked(
  asks: readonly Ask[],
  end: number | null,
  warn: (message: string) => void,
): void {
  if (asks.length === 0) return;
  const listed = asks.map(({ videoTime, text }) => `${clockTime(videoTime ?? 0)} ${JSON.stringify(text)}`);
  const reason = end === null ? 'watching ended before' : `the video ends at ${clockTime(end)}`;
  warn(`not asked, for ${reason}: ${listed.join(', ')}`);
}
