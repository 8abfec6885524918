import type { Mode } from '../../mode.js';

/** A track scaled to 0..1; `flat` where it is too even to be scaled. */
export interface NormalisedTrack {
  readonly values: Float64Array;
  readonly flat: boolean;
}

/** Below this spread a track says nothing of where something happens; what is left is rounding. */
const flatSpread = 1e-9;

/**
 * Scales a track by its least and greatest value. A flat track becomes all zeros in `strict`; in `compat` the division
 * is done regardless, so that a constant track is NaN and reaches no threshold.
 */
export function normaliseTrack(track: Float64Array, mode: Mode): NormalisedTrack {
  let least = Infinity;
  let greatest = -Infinity;
  for (const value of track) {
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
  }
  const spread = greatest - least;
  const flat = !(spread >= flatSpread);
  if (flat && mode === 'strict') return { values: new Float64Array(track.length), flat };
  return { values: track.map((value) => (value - least) / spread), flat };
}
