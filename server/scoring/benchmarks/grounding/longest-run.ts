/** The longest run of true frames and nothing else; the first one on ties. */
export interface LongestRun {
  readonly mask: boolean[];
  /** Number of frames; 0 where none is true. */
  readonly length: number;
}

/** Keeps only the longest run of true frames. */
export function longestRun(mask: readonly boolean[]): LongestRun {
  let best = { start: 0, length: 0 };
  let start = 0;
  for (const [index, value] of mask.entries()) {
    if (!value) start = index + 1;
    else if (index + 1 - start > best.length) best = { start, length: index + 1 - start };
  }
  const end = best.start + best.length;
  return { mask: mask.map((_, index) => index >= best.start && index < end), length: best.length };
}
