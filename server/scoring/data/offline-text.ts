import type { Span } from './span.js';

/** A piece of text that names its own span of the video. */
interface TimedText {
  /** Seconds, as the text gives them; the end may come before the start. */
  readonly span: Span;
  readonly content: string;
}

const percentStyle = /From (\d+) to (\d+), ([^\n]*)/g;
const secondsStyle = /(\d+\.\d+) - (\d+\.\d+)\s*seconds,\s*([^\n]*)/g;

/** Pieces written `From 10 to 25, text`: whole percents of the video's duration, converted to seconds. */
export function percentPieces(text: string, videoDuration: number): TimedText[] {
  return pieces(text, percentStyle, (value) => (Number(value) / 100) * videoDuration);
}

/** Pieces written `1.5 - 7.25 seconds, text`; both numbers need a decimal point. */
export function secondsPieces(text: string): TimedText[] {
  return pieces(text, secondsStyle, Number);
}

function pieces(text: string, style: RegExp, toSeconds: (value: string) => number): TimedText[] {
  const found = [...text.matchAll(style)].map(([, start = '', end = '', content = '']): TimedText => ({
    span: [toSeconds(start), toSeconds(end)],
    content,
  }));
  // Hundreds of digits overflow to infinity, which is not a time.
  return found.filter(({ span }) => Number.isFinite(span[0]) && Number.isFinite(span[1]));
}

/**
 * The span named by the two numbers of a text answer; null unless there are exactly two. If the text contains
 * both `from` and `to`, in any case, they are percents of the video, otherwise seconds.
 */
export function spanOfAnswer(text: string, videoDuration: number): Span | null {
  const numbers = text.match(/\d+\.?\d*/g) ?? [];
  const [start, end] = numbers;
  if (numbers.length !== 2 || start === undefined || end === undefined) return null;
  const lower = text.toLowerCase();
  const scale = lower.includes('from') && lower.includes('to') ? videoDuration / 100 : 1;
  const span: Span = [Number(start) * scale, Number(end) * scale];
  return Number.isFinite(span[0]) && Number.isFinite(span[1]) ? span : null;
}
