import type { MatchStage, MeteorTier } from './tier.js';

/**
 * All possible matches, by reference word; within one word by stage and then by hypothesis word. One pair of
 * words may match in several stages. Identical sentences need only the first stage.
 */
export function findCandidates(
  hypothesis: readonly string[],
  reference: readonly string[],
  tier: MeteorTier,
): WordMatch[][] {
  const identical =
    hypothesis.length === reference.length && hypothesis.every((word, at) => word === reference[at]);
  const stages = identical ? tier.stages.slice(0, 1) : tier.stages;
  const finders = stages.map((stage, position) => finder(stage, position > 0, hypothesis));
  return reference.map((word, referenceIndex) =>
    finders.flatMap((find, stage) =>
      find(word).map((index) => ({ hypothesis: index, reference: referenceIndex, stage })),
    ),
  );
}

/** A possible match of one word of the hypothesis with one of the reference. */
export interface WordMatch {
  readonly hypothesis: number;
  readonly reference: number;
  /** Position of the stage within the tier. */
  readonly stage: number;
}

/** Finds the positions of the hypothesis that a word may match, ascending. */
type Finder = (word: string) => readonly number[];

function finder(stage: MatchStage, different: boolean, hypothesis: readonly string[]): Finder {
  if (stage.type === 'test') {
    const matches = (first: string | undefined, second: string) =>
      first !== undefined && first !== second && stage.matches(first, second);
    return (word) => [...hypothesis.keys()].filter((index) => matches(hypothesis[index], word));
  }
  const positions = new Map<string, number[]>();
  for (const [index, word] of hypothesis.entries()) {
    const key = stage.keyOf(word);
    const others = positions.get(key);
    if (others === undefined) positions.set(key, [index]);
    else others.push(index);
  }
  return (word) => {
    const found = positions.get(stage.keyOf(word)) ?? [];
    return different ? found.filter((index) => hypothesis[index] !== word) : found;
  };
}
