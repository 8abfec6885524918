import type { Span } from './span.js';

/** A piece of text that names its own stretch of the video. */
interface TimedText {
  /** Seconds; the end may come before the start, as the text gave it. */
  readonly span: Span;
  readonly content: string;
}

const percentStyle = /From (\d+) to (\d+), ([^\n]*)/g;
const secondsStyle = /(\d+\.\d+) - (\d+\.\d+)\s*seconds,\s*([^\n]*)/g;

/**
 * Pieces written `From 10 to 25, text`: whole percents of the video's duration, in seconds after conversion.
 */
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
  // A run of hundreds of digits is no time.
  return found.filter(({ span }) => Number.isFinite(span[0]) && Number.isFinite(span[1]));
}

/**
 * The two numbers of a text answer that names a span, or null unless the text has exactly two. Where it has
 * both words `from` and `to`, in any case, the numbers are percents of the video; otherwise seconds.
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
