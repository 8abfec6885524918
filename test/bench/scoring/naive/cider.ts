import { average } from './smooth.js';

/** Tokens of a hypothesis and of its one reference. */
export interface TokenPair {
  readonly hypothesis: readonly string[];
  readonly reference: readonly string[];
}

/**
 * CIDEr-D as its formula is written: document frequencies are looked up by going through the whole corpus.
 */
export function naiveCider(pairs: readonly TokenPair[]): number {
  if (pairs.length === 0) return 0;
  const corpus = pairs.map(
    ({ reference }) => new Set([1, 2, 3, 4].flatMap((length) => ngrams(reference, length))),
  );
  const frequencies = new Map<string, number>();
  const idf = (ngram: string) => {
    // Remembered: without that a corpus of paragraphs takes minutes.
    const known = frequencies.get(ngram) ?? corpus.filter((item) => item.has(ngram)).length;
    frequencies.set(ngram, known);
    return Math.log(pairs.length) - Math.log(Math.max(1, known));
  };
  return average(
    pairs.map(({ hypothesis, reference }) => {
      const penalty = Math.exp(-((bigrams(hypothesis) - bigrams(reference)) ** 2) / (2 * 6 ** 2));
      const similarities = [1, 2, 3, 4].map((length) => {
        const h = weights(ngrams(hypothesis, length), idf);
        const r = weights(ngrams(reference, length), idf);
        const dot = [...h].reduce(
          (sum, [ngram, weight]) => sum + Math.min(weight, r.get(ngram) ?? 0) * (r.get(ngram) ?? 0),
          0,
        );
        const norms = norm(h) * norm(r);
        return (norms === 0 ? dot : dot / norms) * penalty;
      });
      return 10 * average(similarities);
    }),
  );
}

function ngrams(words: readonly string[], length: number): string[] {
  return words.flatMap((_, index) =>
    index + length <= words.length ? [words.slice(index, index + length).join(' ')] : [],
  );
}

function bigrams(words: readonly string[]): number {
  return Math.max(0, words.length - 1);
}

function weights(all: readonly string[], idf: (ngram: string) => number): Map<string, number> {
  const counts = new Map<string, number>();
  for (const ngram of all) counts.set(ngram, (counts.get(ngram) ?? 0) + 1);
  return new Map([...counts].map(([ngram, count]) => [ngram, count * idf(ngram)]));
}

function norm(vector: ReadonlyMap<string, number>): number {
  return Math.sqrt([...vector.values()].reduce((sum, weight) => sum + weight * weight, 0));
}
