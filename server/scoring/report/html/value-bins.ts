import { FixedHistogram } from './fixed-histogram.js';
import type { Bins } from './page-data.js';

/** About how many bins values are counted in. */
const aboutBins = 24;

/** Counts values in bins of a round width that cover all of them; the highest value counts in the last bin. */
export function valueBins(values: readonly number[]): Bins {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return { start: 0, width: 1, counts: [] };
  const width = roundWidth((high - low) / aboutBins);
  const first = Math.floor(low / width + 1e-9);
  const bins = Math.max(1, Math.ceil(high / width - 1e-9) - first);
  const histogram = new FixedHistogram(first * width, (first + bins) * width, bins);
  for (const value of values) histogram.add(value + width * 1e-9);
  return histogram.bins();
}

/** The next of 1, 2, 5, 10 and so on, at any power of ten. */
function roundWidth(least: number): number {
  if (least <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5].find((step) => step * power >= least) ?? 10);
}
