/**
 * Moving mean over the frames k-window..k+window; the window shrinks at both ends, and 0 changes nothing.
 * This looks at later frames, so it cannot be used while a stream is live.
 */
export function smoothCentred(values: ArrayLike<number>, window: number): Float64Array {
  return movingMean(values, window, window);
}

/** Moving mean over the frames k-window..k: what can be known while the stream is live. */
export function smoothTrailing(values: ArrayLike<number>, window: number): Float64Array {
  return movingMean(values, window, 0);
}

function movingMean(values: ArrayLike<number>, back: number, ahead: number): Float64Array {
  if (back === 0 && ahead === 0) return Float64Array.from(values);
  const sums = prefixSums(values);
  const means = new Float64Array(values.length);
  for (let index = 0; index < values.length; index += 1) {
    const first = Math.max(0, index - back);
    const end = Math.min(values.length, index + ahead + 1);
    means[index] = ((sums[end] ?? 0) - (sums[first] ?? 0)) / (end - first);
  }
  return means;
}

/** Element k is the sum of the first k values, so that any window costs two look-ups. */
function prefixSums(values: ArrayLike<number>): Float64Array {
  const sums = new Float64Array(values.length + 1);
  let total = 0;
  for (let index = 0; index < values.length; index += 1) {
    total += values[index] ?? 0;
    sums[index + 1] = total;
  }
  return sums;
}
