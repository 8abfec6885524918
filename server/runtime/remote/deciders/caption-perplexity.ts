import { z } from 'zod';
import { DuetError } from '../../../errors.js';
import { chatMessages } from '../chat-messages.js';
import type { Engine } from '../engine/engine.js';
import { estimateOf, type EstimateParts } from '../engine/estimate.js';
import type { Decider } from './decider.js';

/**
 * Decides by how much less likely the newest reply has become as a description of what is shown now, as
 * LiveStar does: 0 while it fits as well as it ever did, near 1 when it does not fit any more, and 1 before
 * anything was said. For engines that tell the log probabilities of a prompt, as vLLM does.
 */
export function captionDecider(engine: Engine, parts: EstimateParts): Decider {
  const best = new BestFits();
  return {
    decide: async (situation, call) => {
      const said = situation.transcript.findLast(({ by }) => by === 'assistant');
      if (said === undefined) return { informative: { value: 1, mass: null }, relevances: [] };
      const caption = said.text;
      const body = {
        messages: [...chatMessages(situation, rules, asked), { role: 'assistant', content: caption }],
        ...engine.sampling(1),
        ...{ add_generation_prompt: false, continue_final_message: true, prompt_logprobs: 0 },
      };
      const estimate = estimateOf(situation, parts, { output: 1, more: [rules, asked, caption] });
      const fit = fitOf(caption, await engine.ask('/chat/completions', body, { ...call, estimate }));
      if (fit === null) {
        throw new DuetError(
          'unsupported',
          `the chat of ${engine.name.model} gives no log probabilities of its prompt`,
        );
      }
      const value = 1 - Math.min(1, fit / best.after(`${said.time} ${caption}`, fit));
      return { informative: { value, mass: null }, relevances: [] };
    },
  };
}

const rules = 'You describe what the newest picture shows, in one or two short sentences.';
const asked = 'What does the newest picture show?';

/**
 * The mean probability of a token of the caption with which a prompt ends (the inverse of its perplexity);
 * null if the answer does not tell.
 */
export function fitOf(caption: string, answer: unknown): number | null {
  const { data } = answerSchema.safeParse(answer);
  if (data === undefined) return null;
  let [length, sum, count] = [0, 0, 0];
  // From the end, where the caption is; a prompt with pictures has many thousand tokens before it.
  for (let at = data.prompt_logprobs.length - 1; at >= 0 && length < caption.length; at--) {
    const { data: told } = tokenSchema.safeParse(data.prompt_logprobs[at]);
    const [token] = told === undefined ? [] : Object.values(told);
    if (token === undefined) return null;
    length += token.decoded_token.length;
    sum += token.logprob;
    count += 1;
  }
  return count === 0 ? null : Math.exp(sum / count);
}

const answerSchema = z.object({ prompt_logprobs: z.array(z.unknown()).min(1).max(200_000) });

/** The token that stands there, by its id. */
const tokenSchema = z.record(
  z.string().max(16),
  z.object({ logprob: z.number().max(0.001), decoded_token: z.string().min(1).max(256) }),
);

/** How well replies fitted at best, of the newest few. */
class BestFits {
  readonly #fits = new Map<string, number>();

  /** The best so far, this time included. */
  after(reply: string, fit: number): number {
    const best = Math.max(fit, this.#fits.get(reply) ?? 0);
    this.#fits.delete(reply);
    this.#fits.set(reply, best);
    for (const oldest of this.#fits.keys()) {
      if (this.#fits.size <= mostFits) break;
      this.#fits.delete(oldest);
    }
    return best;
  }
}

const mostFits = 256;
