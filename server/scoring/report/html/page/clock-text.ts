/** A time of the video as a clock shows it, to a tenth of a second: `1:05.3`, `1:02:05.3`. */
export function clockText(seconds: number): string {
  const tenths = Math.round(Math.abs(seconds) * 10);
  const rest = (tenths % 600) / 10;
  const minutes = Math.floor(tenths / 600);
  const sign = seconds < 0 ? '-' : '';
  const tail = rest.toFixed(1).padStart(4, '0');
  if (minutes < 60) return `${sign}${minutes}:${tail}`;
  return `${sign}${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${tail}`;
}

/** The same without tenths, for an axis. */
export function shortClockText(seconds: number): string {
  return clockText(Math.round(seconds)).replace(/\.\d$/, '');
}

/** A figure with few decimals: `0.5`, `12.35`. */
export function shortNumber(value: number): string {
  return String(Number(value.toFixed(2)));
}
