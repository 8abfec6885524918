import type { LookCost, ModelCosts, RequestCost } from '../spending-figures.js';
import type { DecisionWay } from './deciders/decider.js';
import { deciders } from './deciders/deciders.js';
import { statementsOf } from './deciders/statements.js';
import { estimateOf } from './engine/estimate.js';
import { requestDollars } from './engine/spending.js';
import type { RemoteDescription } from './place/read-place.js';
import type { Situation } from './situation.js';

/** About what a model takes, in the cheapest and the dearest of the ways of deciding that are tried. */
export function costsOf({ file, prices, ways }: RemoteDescription): ModelCosts {
  const parts = { pictureTokens: file.picture.tokens };
  const decision = situationOf(file.window.decision, file.gate.lookAway ?? null);
  const statements = statementsOf(decision);
  const looks = ways.map(lookOf).sort(byCost);
  const [least = nothing] = looks;
  const said = estimateOf(situationOf(file.window.reply, null), parts, { output: replyTokens });
  return {
    look: { least, most: looks.at(-1) ?? least },
    reply: cost(1, said),
    looksPerSecond: file.gate.detector === undefined ? null : file.fps,
    pictureTokens: file.picture.tokens,
  };

  function lookOf(way: DecisionWay): LookCost {
    const { askedApart = false, answerTokens, told } = deciders[way];
    // Whether to look away is not asked by itself.
    const requests = askedApart ? 1 + decision.questions.length : 1;
    const more = askedApart ? statements.slice(0, 1) : statements;
    const output = answerTokens?.(more.length) ?? more.length;
    return { decides: told, ...cost(requests, estimateOf(decision, parts, { output, more })) };
  }

  function cost(count: number, { input, output }: { input: number; output: number }): RequestCost {
    return {
      ...{ requests: count, inputTokens: count * input, outputTokens: count * output },
      dollars: prices === null ? null : count * requestDollars(prices, { input, output }),
    };
  }
}

const replyTokens = 64;

const nothing: LookCost = { decides: '', requests: 0, inputTokens: 0, outputTokens: 0, dollars: 0 };

/** The cheapest first; where that is not known or nothing, the one for which least is read. */
function byCost(one: LookCost, other: LookCost): number {
  return (one.dollars ?? 0) - (other.dollars ?? 0) || one.inputTokens - other.inputTokens;
}

/** One question, and a few replies that were made. */
function situationOf(pictures: number, lookAway: number | null): Situation {
  const text = 'x'.repeat(100);
  const transcript = Array.from({ length: 4 }, () => ({ by: 'assistant', text, time: 100 }) as const);
  return {
    ...{ systemPrompt: text, questions: [text], transcript, lookAway },
    pictures: Array.from({ length: pictures }, () => ({ url: '', time: 100 })),
  };
}
