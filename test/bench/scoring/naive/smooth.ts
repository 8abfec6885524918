/** Centred moving mean, each window added up anew: O(n w). */
export function smooth(values: readonly number[], window: number): number[] {
  return values.map((_, index) => {
    let total = 0;
    let count = 0;
    for (let near = index - window; near <= index + window; near += 1) {
      const value = values[near];
      if (value === undefined) continue;
      total += value;
      count += 1;
    }
    return total / count;
  });
}

/** Arithmetic mean. */
export function average(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}
