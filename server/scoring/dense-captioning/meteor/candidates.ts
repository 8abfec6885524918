import type { MeteorTier } from './tier.js';

/** A possible match of one word of the hypothesis with one of the reference. */
export interface WordMatch {
  readonly hypothesis: number;
  readonly reference: number;
  /** Position of the stage within the tier. */
  readonly stage: number;
}

/**
 * All possible matches, by reference word; within one word by stage and then by hypothesis word. One pair of words may
 * match in several stages. Identical sentences need only the first stage.
 */
export function findCandidates(
  hypothesis: readonly string[],
  reference: readonly string[],
  tier: MeteorTier,
): WordMatch[][] {
  const identical =
    hypothesis.length === reference.length && hypothesis.every((word, at) => word === reference[at]);
  const stages = identical ? tier.stages.slice(0, 1) : tier.stages;
  return reference.map((referenceWord, referenceIndex) =>
    stages.flatMap(({ matches }, stage) =>
      hypothesis.flatMap((word, index) =>
        matches(word, referenceWord) ? [{ hypothesis: index, reference: referenceIndex, stage }] : [],
      ),
    ),
  );
}
