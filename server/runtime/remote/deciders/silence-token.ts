import type { Engine } from '../engine/engine.js';
import type { EstimateParts } from '../engine/estimate.js';
import type { Decider } from './decider.js';
import { firstTokens, type LikelyToken } from './label-logprobs.js';

/**
 * Decides by how unlikely it is that a model stays silent, for models that were trained to say so in words:
 * `NO REPLY` (MMDuet2), `...` (LiveCC), `</silence>` and others. One request; a single score for all
 * questions.
 */
export function silenceDecider(engine: Engine, parts: EstimateParts, silences: readonly string[]): Decider {
  return {
    decide: async (situation, call) => {
      const asked = situation.questions.at(-1) ?? 'Tell me what happens.';
      const tokens = await firstTokens(engine, parts, { situation, rules: '', asked }, call);
      const ended = { value: 0, mass: null };
      const informative = tokens.length === 0 ? ended : speechProbability(tokens, silences);
      return { informative, relevances: [] };
    },
  };
}

/** 1 less the probability of all tokens with which one of the `silences` can begin. */
export function speechProbability(
  tokens: readonly LikelyToken[],
  silences: readonly string[],
): { readonly value: number; readonly mass: number } {
  const silent = tokens.filter(({ token }) => {
    const begun = token.replaceAll(/^[\s▁Ġ]+|[\s▁Ġ]+$/g, '');
    return begun !== '' && silences.some((silence) => silence.startsWith(begun));
  });
  const sum = (all: readonly LikelyToken[]): number =>
    Math.min(
      1,
      all.reduce((total, { probability }) => total + probability, 0),
    );
  return { value: 1 - sum(silent), mass: sum(tokens) };
}
