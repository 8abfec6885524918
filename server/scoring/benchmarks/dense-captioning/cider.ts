import { mean, sum } from '../../statistics/mean.js';

/** One hypothesis with its references, as n-gram counts. */
interface CiderItem {
  readonly hypothesis: NgramCounts;
  readonly references: readonly NgramCounts[];
}

/** CIDEr-D of a corpus; 10 times a mean cosine, so values above 1 are usual. */
interface CiderScore {
  /** Mean over the items; 0 for no items. */
  readonly score: number;
  readonly items: readonly number[];
}

/** Width of the Gaussian penalty on differing lengths. */
const sigma = 6;

/**
 * CIDEr-D (Vedantam et al. 2015, with clipping and length penalty), document frequencies from the references
 * of the very corpus: a corpus of one item scores 0. As in the published code the length of a sentence is its
 * number of bigrams. The items are gone through twice, so that a large corpus need not be held as n-grams.
 */
export function cider(items: Iterable<CiderItem>): CiderScore {
  const { frequencies, count } = documentFrequencies(items);
  const weigh = weighter(frequencies, Math.log(count));
  const scores: number[] = [];
  for (const { hypothesis, references } of items) {
    const weighed = weigh(hypothesis);
    scores.push(10 * mean(references.map((reference) => mean(similarities(weighed, weigh(reference))))));
  }
  return { score: count === 0 ? 0 : mean(scores), items: scores };
}

/** Weighted n-grams of one length, with their Euclidean norm. */
interface WeightedNgrams {
  readonly weights: ReadonlyMap<string, number>;
  readonly norm: number;
}

/** Weighted n-grams per length, and the length of the sentence. */
interface WeightedSentence {
  readonly byLength: readonly WeightedNgrams[];
  readonly length: number;
}

interface Frequencies {
  /** Number of items whose references have an n-gram. */
  readonly frequencies: ReadonlyMap<string, number>;
  readonly count: number;
}

function documentFrequencies(items: Iterable<CiderItem>): Frequencies {
  const frequencies = new Map<string, number>();
  let count = 0;
  for (const { references } of items) {
    count += 1;
    const ngrams = new Set(
      references.flatMap((counts) => counts.flatMap((byLength) => [...byLength.keys()])),
    );
    for (const ngram of ngrams) frequencies.set(ngram, (frequencies.get(ngram) ?? 0) + 1);
  }
  return { frequencies, count };
}

function weighter(
  frequencies: ReadonlyMap<string, number>,
  logItems: number,
): (counts: NgramCounts) => WeightedSentence {
  return (counts) => ({
    length: sum(counts[1]?.values() ?? []),
    byLength: counts.map((byLength) => {
      const weights = new Map<string, number>();
      let squares = 0;
      for (const [ngram, count] of byLength) {
        const weight = count * (logItems - Math.log(Math.max(1, frequencies.get(ngram) ?? 0)));
        weights.set(ngram, weight);
        squares += weight * weight;
      }
      return { weights, norm: Math.sqrt(squares) };
    }),
  });
}

function similarities(hypothesis: WeightedSentence, reference: WeightedSentence): number[] {
  const difference = hypothesis.length - reference.length;
  const penalty = Math.exp(-(difference * difference) / (2 * sigma * sigma));
  return hypothesis.byLength.map(({ weights, norm }, index) => {
    const other = reference.byLength[index];
    if (other === undefined) return 0;
    let product = 0;
    for (const [ngram, weight] of weights) {
      const otherWeight = other.weights.get(ngram) ?? 0;
      product += Math.min(weight, otherWeight) * otherWeight;
    }
    return (norm !== 0 && other.norm !== 0 ? product / (norm * other.norm) : product) * penalty;
  });
}

/** Longest n-gram CIDEr looks at. */
const longestNgram = 4;

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
