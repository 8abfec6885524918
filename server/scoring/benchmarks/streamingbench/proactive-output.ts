/** One question of StreamingBench's proactive output: when to speak and what must be said. */
export interface ProactiveOutputCase {
  /** Seconds at which the output is due. */
  readonly dueTime: number;
  /** Text the output must contain, case and all. */
  readonly requiredText: string;
  /** What the system said and when; null where it never spoke. */
  readonly output: { readonly time: number; readonly text: string } | null;
}

/** Shares of all questions, 0..1; null for no questions. */
export interface ProactiveOutputScore {
  readonly total: number;
  readonly timeCorrect: number;
  readonly answerCorrect: number;
  readonly timeAccuracy: number | null;
  /** Questions answered in time and with the required text. */
  readonly answerAccuracy: number | null;
}

/** How far off, in seconds, an output may be. */
export const publishedTolerance = 2;

/**
 * Scores proactive outputs: in time within the tolerance, and right if the required text is in it besides.
 */
export function scoreProactiveOutput(
  cases: readonly ProactiveOutputCase[],
  tolerance: number = publishedTolerance,
): ProactiveOutputScore {
  const inTime = cases.filter((item) => isInTime(item, tolerance));
  const right = cases.filter((item) => isOutputRight(item, tolerance));
  const share = (count: number) => (cases.length === 0 ? null : count / cases.length);
  return {
    total: cases.length,
    timeCorrect: inTime.length,
    answerCorrect: right.length,
    timeAccuracy: share(inTime.length),
    answerAccuracy: share(right.length),
  };
}

/** Whether an output came in time and holds the required text. */
export function isOutputRight(item: ProactiveOutputCase, tolerance: number): boolean {
  return isInTime(item, tolerance) && item.output?.text.includes(item.requiredText) === true;
}

function isInTime({ output, dueTime }: ProactiveOutputCase, tolerance: number): boolean {
  return output !== null && Math.abs(output.time - dueTime) <= tolerance;
}
