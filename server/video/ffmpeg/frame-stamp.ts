/** The time and size of one output picture. */
export interface FrameStamp {
  /** Presentation time in units of {@link timeBase}, an integer. */
  readonly pts: number;
  /** Seconds per unit, as a fraction, so that nothing is rounded before the final division. */
  readonly timeBase: Fraction;
  readonly width: number;
  readonly height: number;
  /** Whether the decoder marks this picture as interlaced. */
  readonly interlaced?: true;
  /**
   * Seconds of the preceding picture, rounded to six digits; given only when ticks lie between the two (see
   * `selectFilter`).
   */
  readonly previousTime?: number;
}

/**
 * A stamp plus a shift in seconds. Both are whole units, so that the one division is the only rounding; NaN
 * when the time is unknown.
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
