/** A multiple-choice question with the reply of a system; null where it gave none. */
export interface ChoiceCase {
  readonly task: string;
  readonly gold: string;
  readonly reply: string | null;
}

/** Correct answers of a task. */
export interface ChoiceScore {
  readonly total: number;
  readonly correct: number;
  /** 0..1; null for no questions. */
  readonly accuracy: number | null;
}

/**
 * StreamingBench: right if the reply begins with the gold letter. An empty reply, at which the published counter ends,
 * is wrong.
 */
export function beginsWithGold({ gold, reply }: ChoiceCase): boolean {
  return reply !== null && reply !== '' && reply.startsWith(gold);
}

/** OVO-Bench: right if the gold letter occurs anywhere in the reply, so that any capital A hits gold A. */
export function containsGold({ gold, reply }: ChoiceCase): boolean {
  return reply !== null && reply.includes(gold);
}

/** Accuracy per task, in the order in which tasks appear. */
export function scoreChoices(
  cases: readonly ChoiceCase[],
  isRight: (choice: ChoiceCase) => boolean,
): Map<string, ChoiceScore> {
  const byTask = new Map<string, ChoiceCase[]>();
  for (const choice of cases) byTask.set(choice.task, [...(byTask.get(choice.task) ?? []), choice]);
  return new Map([...byTask].map(([task, ofTask]) => [task, scoreOf(ofTask.map(isRight))]));
}

function scoreOf(right: readonly boolean[]): ChoiceScore {
  const correct = right.filter(Boolean).length;
  return { total: right.length, correct, accuracy: right.length === 0 ? null : correct / right.length };
}
