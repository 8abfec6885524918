import type { Rubric } from '../../judge.js';
import { bestMatching } from './best-matching.js';
import type { GrammarFields } from './grammar-schema.js';
import type { Fact, Meaning } from './meaning.js';

/** Rates the meaning of a reply against that of the gold answer under a rubric. */
export function rateMeaning(
  goldMeaning: Meaning,
  replyMeaning: Meaning,
  fields: GrammarFields,
  rubric: Rubric,
): number {
  const { shared, gold, reply } = compareMeanings(goldMeaning, replyMeaning, fields);
  switch (rubric) {
    case 'agreement':
      return stepOf(agreementSteps, shared / Math.max(gold, reply));
    case 'coverage':
      return stepOf(coverageSteps, shared / gold);
  }
}

function stepOf(steps: readonly RatingStep[], share: number): number {
  return steps.find(({ from }) => share >= from)?.rating ?? 1;
}

/** The least share for a rating, and why. */
interface RatingStep {
  readonly rating: number;
  readonly from: number;
  readonly reason: string;
}

/**
 * Agreement is what both texts say as a share of the one that says more, so omissions and additions cost the
 * same.
 */
const agreementSteps: readonly RatingStep[] = [
  { rating: 5, from: 1, reason: 'the same meaning, nothing missing and nothing added' },
  { rating: 4, from: 0.75, reason: 'a slip in a detail: the right event in the wrong place' },
  {
    rating: 3,
    from: 0.5,
    reason: 'a notable error: the right thing does something else, or half of it is wrong',
  },
  { rating: 2, from: 0.25, reason: 'little of it: the right thing and no more, or a sign with another word' },
  { rating: 1, from: 0, reason: 'about another thing' },
];

/** Coverage is the share of the gold answer that has been said; additions cost nothing. */
const coverageSteps: readonly RatingStep[] = [
  { rating: 3, from: 0.8, reason: 'most of it; of a single event, all of it' },
  { rating: 2, from: 0.5, reason: 'part of it: the right thing with a wrong place or event' },
  { rating: 1, from: 0, reason: 'little or nothing of it' },
];

/** How much two texts have in common, in weights of fields. */
interface Comparison {
  /** Weight of what both say. */
  readonly shared: number;
  /** Weight of all that the gold answer says. */
  readonly gold: number;
  /** Weight of all the reply says; a sentence that cannot be read weighs as little as the lightest field. */
  readonly reply: number;
}

/** Matches the facts of a gold answer with those of a reply, one to one, in the best way. */
function compareMeanings(gold: Meaning, reply: Meaning, fields: GrammarFields): Comparison {
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

/** Weight of a whole fact. */
function weightOf(fact: Fact, fields: GrammarFields): number {
  let weight = 0;
  for (const field of fact.keys()) weight += fields[field]?.weight ?? 0;
  return weight;
}

/** Weight of the fields two facts agree in; 0 where they are about different things. */
function sharedWeight(first: Fact, second: Fact, fields: GrammarFields): number {
  let weight = 0;
  for (const [field, rule] of Object.entries(fields)) {
    const value = first.get(field);
    if (value !== second.get(field)) {
      if (rule.subject) return 0;
    } else if (value !== undefined) weight += rule.weight;
  }
  return weight;
}
