import snakecaseKeys from 'snakecase-keys';
import { identityOf, type Judge } from '../../scoring/judges/judge.js';
import type { JudgingEstimate } from '../../scoring/judges/judging.js';
import { pricesAsOf } from '../../scoring/judges/asking/prices.js';

/** How an estimate is to be read. */
const method =
  'input tokens are UTF-8 bytes / 4 plus 4 a message, output tokens the most a first reply may have; ' +
  'requests that are repeated or asked again, with more room where replies were cut off, come on top';

/** An estimate in one line. */
export function describeEstimate(estimate: JudgingEstimate): string {
  const { replies, calls, inputTokens, outputTokens, dollars } = estimate;
  const cost = dollars === null ? 'price not known' : `about $${dollars.toFixed(dollars < 1 ? 4 : 2)}`;
  return (
    `${replies} ratings, ${calls} to be asked, about ${inputTokens} ` +
    `tokens in and at most ${outputTokens} out, ${cost}`
  );
}

/** An estimate as the output of a command. */
export function printEstimate(judge: Judge, estimate: JudgingEstimate, json: boolean): string {
  if (!json)
    return `judge ${judge.id}\n${describeEstimate(estimate)}\n${method}; listed prices as of ${pricesAsOf}`;
  const { replies, ...others } = estimate;
  const body = { ...identityOf(judge), ratings: replies, ...others, method, pricesAsOf };
  return JSON.stringify({ dry_run: true, judge: snakecaseKeys(body) });
}
