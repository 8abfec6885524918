import type { JudgeCase } from './judge.js';

/** One text that stands for the three texts of a case, for looking replies up. */
export function caseKey({ question, gold, prediction }: JudgeCase): string {
  return JSON.stringify([question, gold, prediction]);
}

/** Names a case for an error message. */
export function describeCase({ question, gold, prediction }: JudgeCase): string {
  return `question ${JSON.stringify(question)}, gold ${JSON.stringify(gold)}, pred ${JSON.stringify(prediction)}`;
}
