import snakecaseKeys from 'snakecase-keys';
import { describeEstimate, type JudgingEstimate } from '../../scoring/judges/asking/estimate.js';
import { pricesAsOf } from '../../scoring/judges/asking/prices.js';
import { identityOf, type JudgeIdentity } from '../../scoring/judges/judge.js';
import type { JudgedFileOutcome } from '../../scoring/judges/judged-file/judge-file.js';
import type { Mode } from '../../scoring/mode.js';
import { judgingRows } from '../../scoring/report/judging-rows.js';

/** Describes the outcome of judging into a file, as the output of a command. */
export function printJudged(
  outcome: JudgedFileOutcome,
  { output, mode, json }: { readonly output: string; readonly mode: Mode; readonly json: boolean },
): string {
  if (outcome.type === 'estimated') return printEstimate(outcome.judge, outcome.estimate, json);
  const { judge, judging, counts, nKept, nWritten } = outcome;
  const { nUnparsableReplies, nUnknown, nJudgeCalls } = counts;
  if (json) {
    return JSON.stringify({
      output,
      mode,
      ...snakecaseKeys({ nKept, nWritten, nJudgeCalls, nUnparsableReplies, nUnknown }),
      judge: snakecaseKeys({ ...identityOf(judge), ...judging }),
    });
  }
  const unread = nUnparsableReplies > 0 ? `, ${nUnparsableReplies} replies without a rating` : '';
  return [
    `${output}: ${nKept} lines kept, ${nWritten} written${unread}`,
    `judge ${judge.id}`,
    ...judgingRows(judging),
  ].join('\n');
}

/** An estimate as the output of a command. */
export function printEstimate(judge: JudgeIdentity, estimate: JudgingEstimate, json: boolean): string {
  if (!json) {
    return `judge ${judge.id}\n${describeEstimate(estimate)}\n${method}; listed prices as of ${pricesAsOf}`;
  }
  const { replies, ...others } = estimate;
  const body = { ...identityOf(judge), ratings: replies, ...others, method, pricesAsOf };
  return JSON.stringify({ dry_run: true, judge: snakecaseKeys(body) });
}

/** How to read an estimate. */
const method =
  'input tokens are UTF-8 bytes / 4 plus 4 a message, output tokens the most a first reply may have; ' +
  'requests that are repeated or asked again, with more room where replies were cut off, come on top';
