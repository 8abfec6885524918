import { informativeStatement, quietStatement, relevanceStatement, type Situation } from '../situation.js';
import type { EngineDecision, Probability } from './decider.js';

/**
 * What an engine that takes several questions at once is asked about a situation: what is new, each standing
 * question, and whether it will stay quiet where that is of use.
 */
export function statementsOf({ questions, lookAway }: Situation): readonly string[] {
  const quiet = lookAway === null ? [] : [quietStatement(lookAway)];
  return [informativeStatement, ...questions.map(relevanceStatement), ...quiet];
}

/** The decision that the probabilities of {@link statementsOf} make, in their order. */
export function decisionOf(
  { questions }: Situation,
  probabilities: readonly (Probability | null)[],
): EngineDecision {
  const [informative = null, ...others] = probabilities;
  const quiet = others[questions.length] ?? null;
  return { informative, relevances: others.slice(0, questions.length), quiet };
}
