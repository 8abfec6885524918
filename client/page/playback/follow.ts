/**
 * How an element at `elementTime` follows a clock at `clockTime` (seconds) without visible jumps: a little
 * faster when it is late, a little slower when it is early, waiting when it is well ahead; it seeks only for
 * a difference of more than a second.
 */
export function follow(elementTime: number, clockTime: number): FollowOrder {
  const early = elementTime - clockTime;
  if (Math.abs(early) > far) return { type: 'seek', to: clockTime };
  if (early > ahead) return { type: 'hold' };
  if (Math.abs(early) < near) return { type: 'play', rate: 1 };
  const change = Math.max(-most, Math.min(most, -early * gain));
  return { type: 'play', rate: 1 + Math.round(change / step) * step };
}

/** What the video element should do now. */
type FollowOrder =
  | { readonly type: 'play'; readonly rate: number }
  | { readonly type: 'seek'; readonly to: number }
  /** The element is ahead and waits for the server. */
  | { readonly type: 'hold' };

/**
 * Differences in seconds: below the first the speed is normal, beyond the second the element waits, beyond
 * the third it jumps.
 */
const near = 0.04;
const ahead = 0.2;
const far = 1;
/**
 * Change of speed per second of difference, the greatest change, and its steps: with every change the
 * browser's decoder stalls for a moment.
 */
const gain = 0.6;
const most = 0.25;
const step = 0.05;
