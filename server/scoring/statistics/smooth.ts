/**
 * Moving mean over the frames k-window..k+window; the window shrinks at both ends, and 0 changes nothing.
 * This looks at later frames, so it cannot be used while a stream is live.
 */
export function smoothCentred(values: ArrayLike<number>, window: number): Float64Array {
  return movingMean(values, window, window);
}

/** Moving mean over the frames k-window..k: only what is known while the stream is live. */
export function smoothTrailing(values: ArrayLike<number>, window: number): Float64Array {
  return movingMean(values, window, 0);
}

/**
 * Every window is summed from scratch, first to last. Differences of running sums would need fewer additions,
 * but their rounding depends on earlier values: equal windows would differ in the last bit, and ties would be
 * broken by it.
 */
function movingMean(values: ArrayLike<number>, back: number, ahead: number): Float64Array {
  const track = Float64Array.from(values);
  if (back === 0 && ahead === 0) return track;
  const means = new Float64Array(track.length);
  for (let index = 0; index < track.length; index += 1) {
    const first = Math.max(0, index - back);
    const end = Math.min(track.length, index + ahead + 1);
    let total = 0;
    for (let near = first; near < end; near += 1) total += track[near] ?? 0;
    means[index] = total / (end - first);
  }
  return means;
}
