/** Seconds as `mm:ss.s`, with hours in front where there are any: 83.25 is `01:23.3`. */
export function clockText(seconds: number): string {
  const { hours, rest } = splitHours(seconds, 10);
  const minutes = Math.floor(rest / 600);
  const text = `${twoDigits(minutes)}:${twoDigits(Math.floor(rest / 10) % 60)}.${rest % 10}`;
  return hours === 0 ? text : `${hours}:${text}`;
}

/** Seconds as `mm:ss`, for axes and labels. */
export function shortClockText(seconds: number): string {
  const { hours, rest } = splitHours(seconds, 1);
  const text = `${twoDigits(Math.floor(rest / 60))}:${twoDigits(rest % 60)}`;
  return hours === 0 ? text : `${hours}:${text}`;
}

/** Seconds in words for a summary: `24 s`, `3 min 20 s`. */
export function lengthText(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const rest = whole % 60;
  return rest === 0 ? `${Math.floor(whole / 60)} min` : `${Math.floor(whole / 60)} min ${rest} s`;
}

/** Whole hours, and what is left in units of `1 / perSecond` seconds; rounded once, so that 59.96 s becomes a minute. */
function splitHours(seconds: number, perSecond: number): { hours: number; rest: number } {
  const units = Math.round(Math.max(0, seconds) * perSecond);
  const perHour = 3600 * perSecond;
  return { hours: Math.floor(units / perHour), rest: units % perHour };
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
