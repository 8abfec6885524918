import { alignWords } from './align-words.js';
import { findCandidates } from './candidates.js';
import { functionWords } from './function-words.js';
import type { MeteorTier } from './tier.js';

/** Aligns two sentences and counts. */
export function meteorStatistics(
  hypothesis: readonly string[],
  reference: readonly string[],
  tier: MeteorTier,
): MeteorStatistics {
  const { matches, chunks } = alignWords(findCandidates(hypothesis, reference, tier), hypothesis.length);
  const matched = tier.stages.map((_, stage) => {
    const ofStage = matches.filter((match) => match.stage === stage);
    return {
      hypothesis: countWords(ofStage.flatMap((match) => hypothesis[match.hypothesis] ?? [])),
      reference: countWords(ofStage.flatMap((match) => reference[match.reference] ?? [])),
    };
  });
  return { hypothesis: countWords(hypothesis), reference: countWords(reference), matched, chunks };
}

/** Content and function words, counted apart. */
export interface WordCounts {
  readonly content: number;
  readonly function: number;
}

/** What METEOR needs to know of a pair of sentences, or of the sum of many. */
export interface MeteorStatistics {
  readonly hypothesis: WordCounts;
  readonly reference: WordCounts;
  /** Matched words of each side, by stage of the tier. */
  readonly matched: readonly { readonly hypothesis: WordCounts; readonly reference: WordCounts }[];
  readonly chunks: number;
}

/** Adds up statistics for a corpus; the single chunk of a pair that matches throughout is not counted. */
export function addStatistics(items: readonly MeteorStatistics[], tier: MeteorTier): MeteorStatistics {
  return {
    hypothesis: addCounts(items.map((item) => item.hypothesis)),
    reference: addCounts(items.map((item) => item.reference)),
    matched: tier.stages.map((_, stage) => ({
      hypothesis: addCounts(items.flatMap((item) => item.matched[stage]?.hypothesis ?? [])),
      reference: addCounts(items.flatMap((item) => item.matched[stage]?.reference ?? [])),
    })),
    chunks: items.reduce((total, item) => total + (isPerfect(item) ? 0 : item.chunks), 0),
  };
}

/** Whether every word of both sides is matched, in one run. */
export function isPerfect(statistics: MeteorStatistics): boolean {
  const { hypothesis, reference, matched, chunks } = statistics;
  return (
    chunks === 1 &&
    total(addCounts(matched.map((stage) => stage.hypothesis))) === total(hypothesis) &&
    total(addCounts(matched.map((stage) => stage.reference))) === total(reference)
  );
}

/** Number of words. */
export function total(counts: WordCounts): number {
  return counts.content + counts.function;
}

/** Adds counts up. */
export function addCounts(counts: readonly WordCounts[]): WordCounts {
  let content = 0;
  let functional = 0;
  for (const count of counts) {
    content += count.content;
    functional += count.function;
  }
  return { content, function: functional };
}

function countWords(words: readonly string[]): WordCounts {
  const functional = words.filter((word) => functionWords.has(word)).length;
  return { content: words.length - functional, function: functional };
}
