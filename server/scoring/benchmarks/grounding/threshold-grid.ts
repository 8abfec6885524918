const first = 0.3;
// The published step is this difference in doubles, not 0.02: its "0.50" is 0.5000000000000002.
const step = first + 0.02 - first;

/** The 21 thresholds 0.30, 0.32 .. 0.70 of the published sweep, ascending, at full precision. */
export const thresholdGrid: readonly number[] = Array.from(
  { length: 21 },
  (_, index) => first + index * step,
);

/** The smoothing windows of the published sweep, in frames to each side. */
export const smoothingWindows: readonly number[] = Array.from({ length: 15 }, (_, window) => window);

/** How many thresholds of the grid a score reaches; 0 for NaN. */
export function thresholdsReached(score: number): number {
  let reached = Math.min(thresholdGrid.length, Math.max(0, Math.floor((score - first) / step) + 1));
  if (Number.isNaN(reached)) return 0;
  // The division rounds; the comparison decides.
  while (reached > 0 && score < (thresholdGrid[reached - 1] ?? 0)) reached -= 1;
  while (reached < thresholdGrid.length && score >= (thresholdGrid[reached] ?? Infinity)) reached += 1;
  return reached;
}

/** Position in the grid of a threshold given to two decimals, or null where the grid has none such. */
export function gridPosition(threshold: number): number | null {
  const position = thresholdGrid.findIndex((value) => Math.abs(value - threshold) < 1e-9);
  return position === -1 ? null : position;
}
