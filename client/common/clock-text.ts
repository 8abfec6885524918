/**
 * Seconds as `mm:ss.s`, with hours in front if there are any: 83.25 is `01:23.3`. Minutes have at least
 * `minuteDigits` digits.
 */
export function clockText(seconds: number, minuteDigits: 1 | 2 = 2): string {
  const tenths = Math.round(Math.max(0, seconds) * 10);
  return `${wholeSeconds(Math.floor(tenths / 10), minuteDigits)}.${tenths % 10}`;
}

/** Seconds as `mm:ss`, for axes and labels. */
export function shortClockText(seconds: number, minuteDigits: 1 | 2 = 2): string {
  return wholeSeconds(Math.round(Math.max(0, seconds)), minuteDigits);
}

/** Seconds in words for a summary: `24 s`, `3 min 20 s`. */
export function lengthText(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const rest = whole % 60;
  return rest === 0 ? `${Math.floor(whole / 60)} min` : `${Math.floor(whole / 60)} min ${rest} s`;
}

function wholeSeconds(seconds: number, minuteDigits: number): string {
  const hours = Math.floor(seconds / 3600);
  const minutes = String(Math.floor(seconds / 60) % 60).padStart(hours > 0 ? 2 : minuteDigits, '0');
  const text = `${minutes}:${String(seconds % 60).padStart(2, '0')}`;
  return hours > 0 ? `${hours}:${text}` : text;
}
