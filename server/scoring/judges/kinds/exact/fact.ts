import type { GrammarFields } from './grammar-schema.js';

/** One statement about the world: values by field, such as kind "enter", thing "dog", place "left". */
export type Fact = ReadonlyMap<string, string>;

/** A fact as one text, equal for equal facts. */
export function factKey(fact: Fact): string {
  return JSON.stringify([...fact].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Facts without repetitions. */
export function distinctFacts(facts: readonly Fact[]): Fact[] {
  return [...new Map(facts.map((fact) => [factKey(fact), fact])).values()];
}

/** Weight of a whole fact. */
export function weightOf(fact: Fact, fields: GrammarFields): number {
  let weight = 0;
  for (const field of fact.keys()) weight += fields[field]?.weight ?? 0;
  return weight;
}

/** Weight of the fields two facts agree in; 0 where they are about different things. */
export function sharedWeight(first: Fact, second: Fact, fields: GrammarFields): number {
  let weight = 0;
  for (const [field, rule] of Object.entries(fields)) {
    const value = first.get(field);
    if (value !== second.get(field)) {
      if (rule.subject) return 0;
    } else if (value !== undefined) weight += rule.weight;
  }
  return weight;
}
