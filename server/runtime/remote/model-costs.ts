import type { ModelCosts, RequestCost } from '../spending-figures.js';
import { deciders } from './deciders/deciders.js';
import { statementsOf } from './deciders/statements.js';
import { estimateOf } from './engine/estimate.js';
import { requestDollars } from './engine/spending.js';
import type { RemoteDescription } from './place/read-place.js';
import type { Situation } from './situation.js';

/** About what a model takes for a frame and for a reply, in the first of its ways of deciding. */
export function costsOf({ file, prices, ways }: RemoteDescription): ModelCosts {
  const parts = { pictureTokens: file.picture.tokens };
  const [way] = ways;
  const decision = situationOf(file.window.decision, file.gate.lookAway ?? null);
  const statements = statementsOf(decision);
  const requests = way !== undefined && deciders[way].askedApart === true ? statements.length : 1;
  const more = requests === 1 ? statements : statements.slice(0, 1);
  const asked = estimateOf(decision, parts, { output: statements.length, more });
  const said = estimateOf(situationOf(file.window.reply, null), parts, { output: replyTokens });
  return { frame: cost(requests, asked), reply: cost(1, said) };

  function cost(count: number, { input, output }: { input: number; output: number }): RequestCost {
    return {
      ...{ requests: count, inputTokens: count * input, outputTokens: count * output },
      dollars: prices === null ? null : count * requestDollars(prices, { input, output }),
    };
  }
}

const replyTokens = 64;

/** One question, and a few replies that were made. */
function situationOf(pictures: number, lookAway: number | null): Situation {
  const text = 'x'.repeat(100);
  const transcript = Array.from({ length: 4 }, () => ({ by: 'assistant', text, time: 100 }) as const);
  return {
    ...{ systemPrompt: text, questions: [text], transcript, lookAway },
    pictures: Array.from({ length: pictures }, () => ({ url: '', time: 100 })),
  };
}
