/**
 * Holm's step-down correction (1979) of p-values for their number, in the order given; null stays null and is
 * not counted. The share of families with any false discovery stays below the level that the corrected values
 * are held to.
 */
export function holmCorrection(pValues: readonly (number | null)[]): (number | null)[] {
  const ranked = pValues
    .flatMap((pValue, index) => (pValue === null ? [] : [{ pValue, index }]))
    .sort((one, other) => one.pValue - other.pValue);
  const corrected: (number | null)[] = pValues.map(() => null);
  let largest = 0;
  for (const [rank, { pValue, index }] of ranked.entries()) {
    largest = Math.max(largest, Math.min(1, pValue * (ranked.length - rank)));
    corrected[index] = largest;
  }
  return corrected;
}
