import type { Judge, JudgeCase } from './judge.js';

/**
 * A free, deterministic stand-in for a judge: the F1 of the shared words, spread over 1..5. It says nothing about
 * meaning, and its scores are not comparable with those of any other judge.
 */
export const lexicalJudge: Judge = {
  id: 'lexical',
  comparable: false,
  promptHash: null,
  rate: (judgeCase) => Promise.resolve(String(lexicalRating(judgeCase))),
};

/** 1 + the rounded 4-fold F1 of the word multisets, letters and digits only, in lower case. */
export function lexicalRating({ gold, prediction }: JudgeCase): number {
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
  return 1 + Math.round((4 * 2 * shared) / (goldWords.length + predictedWords.length));
}

function words(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
}
