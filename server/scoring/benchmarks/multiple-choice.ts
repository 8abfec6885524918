/** A multiple-choice question with the reply of a system; null if it gave none. */
export interface ChoiceCase {
  readonly task: string;
  /** The letter of the right option. */
  readonly gold: string;
  readonly reply: string | null;
  /** The texts of the options, A first; absent where only letters are known. */
  readonly options?: readonly string[];
}

/** Correct answers of a task. */
export interface ChoiceScore {
  readonly total: number;
  readonly correct: number;
  /** 0..1; null for no questions. */
  readonly accuracy: number | null;
}

/** A question with its options, as it is asked. */
export function choicePrompt(question: string, options: readonly string[]): string {
  const lines = options.map((option, index) => `${letterOf(index)}. ${option}`);
  return [question, ...lines, 'Answer with the letter of the right option.'].join('\n');
}

/** The letter of an option by its position: A for 0. */
export function letterOf(position: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + position);
}

/**
 * StreamingBench's rule: right if the reply begins with the gold letter. An empty reply, on which the
 * published script crashes, is wrong.
 */
export function beginsWithGold({ gold, reply }: ChoiceCase): boolean {
  return reply !== null && reply !== '' && reply.startsWith(gold);
}

/** OVO-Bench's rule: right if the gold letter occurs anywhere, so any capital A matches gold A. */
export function containsGold({ gold, reply }: ChoiceCase): boolean {
  return reply !== null && reply.includes(gold);
}

/**
 * The strict rule: right if the reply states the gold letter and no other, as in "B", "(b)" or "The answer is
 * B.", or is exactly the text of that option.
 */
export function statesGold({ gold, reply, options = [] }: ChoiceCase): boolean {
  if (reply === null) return false;
  const said = options.findIndex((option) => plain(option) === plain(reply));
  if (said !== -1) return letterOf(said) === gold;
  const letters = [...reply.matchAll(statedLetter)].map(([, letter = '']) => letter.toUpperCase());
  return letters.length > 0 && letters.every((letter) => letter === gold);
}

/** A letter on its own, not followed by a word that would make it an article. */
const statedLetter = /(?<![\p{L}\p{N}'’])([A-Za-z])(?=\s*(?:$|[.,:;)\]*]|(?:or|and)\b))/gu;

function plain(text: string): string {
  return text
    .trim()
    .replace(/[.。]$/u, '')
    .toLowerCase();
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
