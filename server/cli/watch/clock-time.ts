/** Seconds as `mm:ss`, from one hour on as `h:mm:ss`; parts of a second are cut off. */
export function clockTime(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const twoDigits = (value: number): string => String(value).padStart(2, '0');
  const tail = `${twoDigits(minutes)}:${twoDigits(rest)}`;
  return hours > 0 ? `${hours}:${tail}` : tail;
}
