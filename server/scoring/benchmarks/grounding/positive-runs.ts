/** A run of frames with a score above zero: first and last frame and the mean score. */
export type PositiveRun = readonly [first: number, last: number, mean: number];

/** Runs of strictly positive scores of at least `minFrames` frames, in order. */
export function positiveRuns(scores: readonly number[], minFrames: number): PositiveRun[] {
  const runs: PositiveRun[] = [];
  let first = 0;
  let total = 0;
  const close = (end: number) => {
    if (end - first >= minFrames && end > first) runs.push([first, end - 1, total / (end - first)]);
    first = end + 1;
    total = 0;
  };
  for (const [index, score] of scores.entries()) {
    if (score > 0) total += score;
    else close(index);
  }
  close(scores.length);
  return runs;
}
