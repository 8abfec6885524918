import { clockText, shortClockText } from '../common/clock-text.js';

/** A time of the video to a tenth of a second: `1:05.3`, `1:02:05.3`, `-0:02.5`. */
export function timeText(seconds: number): string {
  return sign(seconds) + clockText(Math.abs(seconds), 1);
}

/** The same without tenths, for an axis. */
export function shortTimeText(seconds: number): string {
  const whole = Math.round(seconds);
  return sign(whole) + shortClockText(Math.abs(whole), 1);
}

/** A figure with few decimals: `0.5`, `12.35`. */
export function shortNumber(value: number): string {
  return String(Number(value.toFixed(2)));
}

function sign(value: number): string {
  return value < 0 ? '-' : '';
}
