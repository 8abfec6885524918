import { bestMatching } from './best-matching.js';
import { sharedWeight, weightOf, type Fact } from './fact.js';
import type { GrammarFields } from './grammar-schema.js';
import type { Meaning } from './read-grammar.js';

/** How much of two texts is the same, in weights of fields. */
export interface Comparison {
  /** Weight of what both say. */
  readonly shared: number;
  /** Weight of all that the gold answer says. */
  readonly gold: number;
  /** Weight of all that the reply says; a sentence that cannot be read weighs as little as the lightest field. */
  readonly reply: number;
}

/** Sets the facts of a gold answer and of a reply beside each other, every fact beside one at most, as well as can be. */
export function compareMeanings(gold: Meaning, reply: Meaning, fields: GrammarFields): Comparison {
  const matrix = gold.facts.map((fact) => reply.facts.map((other) => sharedWeight(fact, other, fields)));
  return {
    shared: bestMatching(matrix),
    gold: totalWeight(gold.facts, fields),
    reply: totalWeight(reply.facts, fields) + reply.unread * lightest(fields),
  };
}

function totalWeight(facts: readonly Fact[], fields: GrammarFields): number {
  return facts.reduce((total, fact) => total + weightOf(fact, fields), 0);
}

function lightest(fields: GrammarFields): number {
  return Math.min(...Object.values(fields).map(({ weight }) => weight));
}
