/** What a text says about the world. */
export interface Meaning {
  /** Without duplicates. */
  readonly facts: readonly Fact[];
  /** Number of distinct sentences that no language of the grammar can parse. */
  readonly unread: number;
}

/** One statement about the world: values by field, such as kind "enter", thing "dog", place "left". */
export type Fact = ReadonlyMap<string, string>;

/** Facts without duplicates. */
export function distinctFacts(facts: readonly Fact[]): Fact[] {
  return [...new Map(facts.map((fact) => [factKey(fact), fact])).values()];
}

/** A fact as one text, equal for equal facts. */
function factKey(fact: Fact): string {
  return JSON.stringify([...fact].sort(([a], [b]) => (a < b ? -1 : 1)));
}
