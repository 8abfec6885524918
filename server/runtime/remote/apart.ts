/**
 * Whether a picture came at least so many seconds of video after another; also if the clock of either is not
 * known, or if it has gone back, since that is another video.
 */
export function isApart(before: number | null, after: number | null, seconds: number): boolean {
  if (before === null || after === null || after < before) return true;
  return after - before >= seconds - clockError;
}

/** Seconds: sums of frame times are not exact. */
const clockError = 1e-6;
