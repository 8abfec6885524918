/**
 * Rounds to a number of decimals, exact halves to the even neighbour. A double is an exact half of 10^-digits
 * only when it is an odd multiple of 2^-(digits+1), which can be tested without rounding.
 */
export function roundTo(value: number, digits: number): number {
  const halves = value * 2 ** (digits + 1);
  if (!Number.isInteger(halves) || halves % 2 === 0 || Math.abs(value) > 1e12)
    return Number(value.toFixed(digits));
  const below = Math.floor(value * 10 ** digits);
  return (below % 2 === 0 ? below : below + 1) / 10 ** digits;
}
