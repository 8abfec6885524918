import { finiteOrNull } from '../../statistics/mean.js';

/** How often there was something to say and something was said, in frames. */
export interface DecisionCounts {
  readonly rightlySpoken: number;
  readonly wronglySpoken: number;
  readonly rightlySilent: number;
  readonly wronglySilent: number;
}

/** Shares 0..1 of decisions to speak; null where there is nothing to take a share of. */
interface DecisionFigures {
  readonly accuracy: number | null;
  /** Mean of the shares that are right among the frames at which to speak and among the others. */
  readonly balancedAccuracy: number | null;
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1: number | null;
  /** Share of the frames after which something is said. */
  readonly spoken: number | null;
}

/** Counts what speaking after every frame whose score is above the threshold comes to. */
export function countDecisions(
  { scores, labels }: { readonly scores: readonly number[]; readonly labels: readonly boolean[] },
  threshold: number,
): DecisionCounts {
  let [rightlySpoken, wronglySpoken, rightlySilent, wronglySilent] = [0, 0, 0, 0];
  for (const [index, score] of scores.entries()) {
    const [spoken, due] = [score > threshold, labels[index] === true];
    if (spoken && due) rightlySpoken += 1;
    else if (spoken) wronglySpoken += 1;
    else if (due) wronglySilent += 1;
    else rightlySilent += 1;
  }
  return { rightlySpoken, wronglySpoken, rightlySilent, wronglySilent };
}

/** The decisions of a system that never says anything over the same frames. */
export function alwaysSilent(counts: DecisionCounts): DecisionCounts {
  const { due, undue } = frameKinds(counts);
  return { rightlySpoken: 0, wronglySpoken: 0, rightlySilent: undue, wronglySilent: due };
}

/** The decisions of a system that says something after every frame. */
export function alwaysSpeaking(counts: DecisionCounts): DecisionCounts {
  const { due, undue } = frameKinds(counts);
  return { rightlySpoken: due, wronglySpoken: undue, rightlySilent: 0, wronglySilent: 0 };
}

/** The figures of counted decisions. */
export function decisionFigures(counts: DecisionCounts): DecisionFigures {
  const { rightlySpoken, wronglySpoken, rightlySilent, wronglySilent } = counts;
  const { due, undue } = frameKinds(counts);
  const spoken = rightlySpoken + wronglySpoken;
  const share = (part: number, whole: number) => finiteOrNull(part / whole);
  return {
    accuracy: share(rightlySpoken + rightlySilent, due + undue),
    balancedAccuracy: share(rightlySpoken / due + rightlySilent / undue, 2),
    precision: share(rightlySpoken, spoken),
    recall: share(rightlySpoken, due),
    f1: share(2 * rightlySpoken, 2 * rightlySpoken + wronglySpoken + wronglySilent),
    spoken: share(spoken, due + undue),
  };
}

function frameKinds(counts: DecisionCounts): { readonly due: number; readonly undue: number } {
  return {
    due: counts.rightlySpoken + counts.wronglySilent,
    undue: counts.rightlySilent + counts.wronglySpoken,
  };
}
