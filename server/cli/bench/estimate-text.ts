import type { RequestCost } from '../../runtime/spending-figures.js';
import type { RunEstimate } from '../../scoring/runner/estimate-run.js';
import { dollarsText } from '../watch/terminal-text.js';

/** What a run would take, in a few lines: from the least to the most, and what that goes by. */
export function estimateText({ questions, frames, looks, replies, talk, costs }: RunEstimate): string {
  const { look, reply, pictureTokens } = costs;
  const [least, most] = [times(looks, look.least), times(looks, look.most)];
  const { decides } = look.most;
  const ways = decides === look.least.decides ? decides : `${look.least.decides} or, at the most, ${decides}`;
  const assumed = [
    `every look is asked about, by ${ways}`,
    `one question stands`,
    `${pictureTokens} tokens a picture`,
    `${reply.outputTokens} a reply`,
    talk,
  ];
  return [
    `${questions} questions, ${frames} frames, ${looks} looks`,
    `from about ${costText(least)}: looks alone`,
    `to about ${costText(sum(most, times(replies, reply)))}: with ${replies} ${replies === 1 ? 'reply' : 'replies'}`,
    `assumed: ${assumed.join('; ')}`,
    least.dollars === null
      ? 'the prices are not known: name them in a model file'
      : 'fewer where pictures do not change; --budget bounds it',
  ].join('\n');
}

function times(count: number, { requests, inputTokens, outputTokens, dollars }: RequestCost): RequestCost {
  return {
    ...{ requests: count * requests, inputTokens: count * inputTokens, outputTokens: count * outputTokens },
    dollars: dollars === null ? null : count * dollars,
  };
}

function sum(one: RequestCost, other: RequestCost): RequestCost {
  const { requests, inputTokens, outputTokens, dollars } = one;
  return {
    ...{ requests: requests + other.requests, inputTokens: inputTokens + other.inputTokens },
    outputTokens: outputTokens + other.outputTokens,
    dollars: dollars === null || other.dollars === null ? null : dollars + other.dollars,
  };
}

function costText({ requests, inputTokens, outputTokens, dollars }: RequestCost): string {
  const asked = `${requests} ${requests === 1 ? 'request' : 'requests'}`;
  return `${asked}, ${inputTokens} tokens in, ${outputTokens} out${dollarsText(dollars)}`;
}
