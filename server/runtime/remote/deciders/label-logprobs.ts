import { z } from 'zod';
import { DuetError } from '../../../errors.js';
import { chatMessages } from '../chat-messages.js';
import type { Engine } from '../engine/engine.js';
import { estimateOf, type EstimateParts } from '../engine/estimate.js';
import { informativeStatement, relevanceStatement, type Situation } from '../situation.js';
import { asProbability, type Decider, type DecisionCall, type Probability } from './decider.js';

/**
 * Decides by the probability of the word "yes" as the first of a chat's answer: one request for each score,
 * of which all but the statement at the end is the same.
 */
export function labelsDecider(engine: Engine, parts: EstimateParts): Decider {
  return {
    decide: async (situation, call) => {
      const { questions } = situation;
      const informative = await yesTo(informativeStatement);
      const relevances = await Promise.all(questions.map((text) => yesTo(relevanceStatement(text))));
      return { informative, relevances };

      async function yesTo(statement: string): Promise<Probability | null> {
        const asked = `Is this true? Answer with one word, yes or no. ${statement}`;
        const tokens = await firstTokens(engine, parts, { situation, rules, asked }, call);
        return labelProbability(tokens, (label) => (label === 'yes' ? 'yes' : label === 'no' ? 'no' : null));
      }
    },
  };
}

const rules = 'You are asked whether a statement about what you see is true. You answer with yes or no only.';

/** The words that an answer may begin with, and their probabilities; none if it ended at once. */
export async function firstTokens(
  engine: Engine,
  parts: EstimateParts,
  {
    situation,
    rules,
    asked,
  }: { readonly situation: Situation; readonly rules: string; readonly asked: string },
  call: DecisionCall,
): Promise<readonly LikelyToken[]> {
  const estimate = estimateOf(situation, parts, { output: 1, more: [rules, asked] });
  const answer = await engine.ask(
    '/chat/completions',
    {
      messages: chatMessages(situation, rules, asked),
      ...{ ...engine.sampling(1), logprobs: true, top_logprobs: 20 },
    },
    { ...call, estimate },
  );
  const { success, data } = answerSchema.safeParse(answer);
  const [choice] = data?.choices ?? [];
  const first = choice?.logprobs?.content?.[0]?.top_logprobs;
  // Ollama tells of no tokens where the first one ends the answer.
  if (first === undefined && choice?.message?.content === '') return [];
  if (!success || first === undefined || first.length === 0) {
    throw new DuetError(
      'unsupported',
      `the chat of ${engine.name.model} gives no log probabilities with pictures`,
    );
  }
  return first.map(({ token, logprob }) => ({ token, probability: Math.min(1, Math.exp(logprob)) }));
}

/** A token that might have come, and its probability. */
export interface LikelyToken {
  readonly token: string;
  readonly probability: number;
}

/**
 * The probability of "yes" against "no", summed over the tokens that `read` takes for either (in lower case,
 * without spaces and their marks); null if they are hardly among the likely ones.
 */
export function labelProbability(
  tokens: readonly LikelyToken[],
  read: (label: string) => 'yes' | 'no' | null,
): Probability | null {
  const sums = { yes: 0, no: 0 };
  for (const { token, probability } of tokens) {
    const label = read(token.replaceAll(/^[\s▁Ġ]+|[\s▁Ġ]+$/g, '').toLowerCase());
    if (label !== null) sums[label] += probability;
  }
  const mass = sums.yes + sums.no;
  return asProbability(Math.min(1, sums.yes / mass), mass);
}

const likely = z.object({ token: z.string().max(256), logprob: z.number().max(0.001) });

const answerSchema = z.object({
  choices: z
    .array(
      z.object({
        message: z.object({ content: z.string().nullish() }).nullish(),
        logprobs: z
          .object({
            content: z.array(z.object({ top_logprobs: z.array(likely).max(100) })).nullish(),
          })
          .nullish(),
      }),
    )
    .min(1)
    .max(16),
});
