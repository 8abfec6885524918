import { spaceWords } from '../../data/space-words.js';
import type { Judge, JudgeCase, Rubric } from '../judge.js';

/**
 * A free, deterministic stand-in for a judge: the F1 of shared words, mapped to the scale of the rubric. It
 * ignores meaning, and its scores are not comparable with any other judge's.
 */
export const lexicalJudge: Judge = {
  id: 'lexical',
  comparable: false,
  caveat: 'compares words, not meaning',
  promptHash: null,
  rate: (judgeCase, rubric) => Promise.resolve(String(lexicalRating(judgeCase, rubric))),
};

const steps: Readonly<Record<Rubric, number>> = { agreement: 4, coverage: 2 };

/**
 * 1 + the F1 of the word multisets times the steps of the rubric, rounded. Words are letters and digits of
 * any script, in lower case.
 */
export function lexicalRating({ gold, prediction }: JudgeCase, rubric: Rubric): number {
  const goldWords = words(gold);
  const predictedWords = words(prediction);
  if (goldWords.length === 0 || predictedWords.length === 0) return 1;
  const free = new Map<string, number>();
  for (const word of goldWords) free.set(word, (free.get(word) ?? 0) + 1);
  let shared = 0;
  for (const word of predictedWords) {
    const left = free.get(word) ?? 0;
    if (left === 0) continue;
    free.set(word, left - 1);
    shared += 1;
  }
  return 1 + Math.round((steps[rubric] * 2 * shared) / (goldWords.length + predictedWords.length));
}

function words(text: string): string[] {
  return (
    spaceWords(text)
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  );
}
