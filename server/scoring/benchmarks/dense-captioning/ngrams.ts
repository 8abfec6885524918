/** Longest n-gram CIDEr looks at. */
export const longestNgram = 4;

/** Counts of the n-grams of a sentence, one map per length 1..4. */
export type NgramCounts = readonly ReadonlyMap<string, number>[];

/** Counts the n-grams of a sentence; words are split at any white space, so also at a no-break space. */
export function countNgrams(words: readonly string[]): NgramCounts {
  const split = words.flatMap((word) => word.split(/\s+/u).filter((part) => part !== ''));
  return Array.from({ length: longestNgram }, (_, index) => {
    const counts = new Map<string, number>();
    for (let start = 0; start + index < split.length; start += 1) {
      const ngram = split.slice(start, start + index + 1).join(' ');
      counts.set(ngram, (counts.get(ngram) ?? 0) + 1);
    }
    return counts;
  });
}
