import type { RequestCost } from '../../runtime/spending-figures.js';
import type { RunEstimate } from '../../scoring/runner/estimate-run.js';
import { dollarsText } from '../watch/terminal-text.js';

/** What a run would take, in a few lines. */
export function estimateText({ questions, frames, costs }: RunEstimate): string {
  const { frame, reply } = costs;
  const dollars = frame.dollars === null ? null : frames * frame.dollars;
  const all = {
    ...{ requests: frames * frame.requests, inputTokens: frames * frame.inputTokens },
    ...{ outputTokens: frames * frame.outputTokens, dollars },
  };
  return [
    `${questions} questions, ${frames} frames`,
    `to decide, at most about: ${costText(all)}`,
    `for each reply, about: ${costText(reply)}`,
    frame.dollars === null
      ? 'the prices are not known: name them in a model file'
      : 'fewer where pictures do not change; --budget bounds it',
  ].join('\n');
}

function costText({ requests, inputTokens, outputTokens, dollars }: RequestCost): string {
  const asked = `${requests} ${requests === 1 ? 'request' : 'requests'}`;
  return `${asked}, ${inputTokens} tokens in, ${outputTokens} out${dollarsText(dollars)}`;
}
