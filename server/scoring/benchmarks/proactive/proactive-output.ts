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

/** Scores proactive outputs: in time within the tolerance, and right if the required text is in it besides. */
export function scoreProactiveOutput(
  cases: readonly ProactiveOutputCase[],
  tolerance: number = publishedTolerance,
): ProactiveOutputScore {
  const inTime = cases.filter(
    ({ output, dueTime }) => output !== null && Math.abs(output.time - dueTime) <= tolerance,
  );
  const right = inTime.filter(({ output, requiredText }) => output?.text.includes(requiredText) === true);
  const share = (count: number) => (cases.length === 0 ? null : count / cases.length);
  return {
    total: cases.length,
    timeCorrect: inTime.length,
    answerCorrect: right.length,
    timeAccuracy: share(inTime.length),
    answerAccuracy: share(right.length),
  };
}

/** The output of a system that speaks by itself: its first reply after the question was asked, in seconds. */
export function firstReplyAfter(
  replies: readonly { readonly time: number; readonly content: string }[],
  askedAt: number,
): ProactiveOutputCase['output'] {
  const later = replies.filter((reply) => reply.time > askedAt).sort((a, b) => a.time - b.time);
  const [first] = later;
  return first === undefined ? null : { time: first.time, text: first.content };
}
