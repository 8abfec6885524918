import {
  codeAlphabet,
  highestCode,
  missingCode,
  type PageFrames,
} from '../../server/scoring/report/html/page-data.js';

/** Unpacks the scores of frames, within 1/8000 of the range of what was packed. */
export function decodeFrames(frames: PageFrames): Tracks {
  const { low, high } = frames;
  const score = (code: number): number | null =>
    code === missingCode ? null : low + (code / highestCode) * (high - low);
  return {
    low,
    high,
    times: decodeTimes(frames),
    informative: codesOf(frames.informative).map(score),
    relevance: codesOf(frames.relevance).map(score),
  };
}

function decodeTimes({ times, count }: PageFrames): number[] {
  if ('start' in times) return Array.from({ length: count }, (_, index) => times.start + index * times.step);
  let milliseconds = 0;
  return times.map((step) => (milliseconds += step) / 1000);
}

const digitOf = new Map(Array.from(codeAlphabet, (character, digit) => [character, digit]));

function codesOf(text: string): number[] {
  return Array.from({ length: text.length / 2 }, (_, index) => {
    const digit = (at: number): number => digitOf.get(text.charAt(at)) ?? 0;
    return digit(2 * index) * 64 + digit(2 * index + 1);
  });
}

/** Scores over time; times are seconds on the media clock, a score is null where a frame has none. */
export interface Tracks {
  readonly times: readonly number[];
  readonly informative: readonly (number | null)[];
  readonly relevance: readonly (number | null)[];
  readonly low: number;
  readonly high: number;
}
