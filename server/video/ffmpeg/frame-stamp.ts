/** Where one output picture belongs in time, and its size. */
export interface FrameStamp {
  /** Presentation time in units of {@link timeBase}, an integer. */
  readonly pts: number;
  /** Seconds per unit, as a fraction, so that no rounding precedes the last division. */
  readonly timeBase: Fraction;
  readonly width: number;
  readonly height: number;
  /** The decoder calls this picture interlaced. */
  readonly interlaced?: true;
  /**
   * Seconds, rounded to six digits, of the last picture before this one, told when others than this one's
   * tick lie between (see `selectFilter`).
   */
  readonly previousTime?: number;
}

/**
 * Seconds of a stamp and a shift, both in whole units, so that one division is the only rounding; NaN where
 * the time is not known.
 */
export function stampTime({ pts, timeBase }: FrameStamp, shift = 0): number {
  const { numerator, denominator } = timeBase;
  return ((pts + Math.round((shift * denominator) / numerator)) * numerator) / denominator;
}

/** A ratio of integers. */
export interface Fraction {
  readonly numerator: number;
  readonly denominator: number;
}
