import type { Rubric } from '../../judge.js';
import { bestMatching } from './best-matching.js';
import type { GrammarFields } from './grammar-schema.js';
import type { Fact, Meaning } from './meaning.js';

/** The rating of what a reply means, beside what the gold answer means, under a rubric. */
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

/** From which share on a rating is given, and why there. */
interface RatingStep {
  readonly rating: number;
  readonly from: number;
  readonly reason: string;
}

/**
 * Agreement goes by the share that both texts say of the one that says more: what is missing costs like what
 * is added.
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

/** Coverage goes by the share of the gold answer that has been said; what else was said costs nothing. */
const coverageSteps: readonly RatingStep[] = [
  { rating: 3, from: 0.8, reason: 'most of it; of a single event, all of it' },
  { rating: 2, from: 0.5, reason: 'part of it: the right thing with a wrong place or event' },
  { rating: 1, from: 0, reason: 'little or nothing of it' },
];

/** How much of two texts is the same, in weights of fields. */
interface Comparison {
  /** Weight of what both say. */
  readonly shared: number;
  /** Weight of all that the gold answer says. */
  readonly gold: number;
  /** Weight of all the reply says; a sentence that cannot be read weighs as little as the lightest field. */
  readonly reply: number;
}

/**
 * Sets the facts of a gold answer and of a reply beside each other, every fact beside one at most, as well as
 * can be.
 */
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
