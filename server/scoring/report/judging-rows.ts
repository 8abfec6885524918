import type { JudgingReport } from '../judges/report/judging-report.js';
import { formatValue } from './format-value.js';

/** The judging report for a terminal, as lines. */
export function judgingRows(judging: JudgingReport | undefined): string[] {
  if (judging === undefined) return [];
  const { lengthBias, swap, second } = judging;
  return [
    ...(judging.nRequests + judging.nCacheHits > 0 ? [spending(judging)] : []),
    `  length bias over ${lengthBias.n} cases: rating with length ${figure(lengthBias.predictionLength)}, ` +
      `with length beyond gold ${figure(lengthBias.lengthDifference)} (Spearman)`,
    ...(swap === null
      ? []
      : [
          `  exchanged over ${swap.n} cases: ${figure(swap.shareDiffering)} of the ratings differ, ` +
            `by ${figure(swap.meanAbsoluteDifference)} on average (scored: ${swap.scored})`,
        ]),
    ...(second === null
      ? []
      : [
          `  second judge ${second.id} over ${second.n} cases: quadratic weighted kappa ` +
            `${figure(second.quadraticWeightedKappa)}, the same rating for ${figure(second.exactAgreement)}`,
        ]),
  ];
}

function spending({ nRequests, nCacheHits, inputTokens, outputTokens, dollars }: JudgingReport): string {
  const cost = dollars === null ? 'price not known' : `$${formatValue(dollars, 4)}`;
  const tokens = `${inputTokens} + ${outputTokens} tokens`;
  return `  ${nRequests} requests, ${nCacheHits} replies from the cache, ${tokens}, ${cost}`;
}

function figure(value: number | null): string {
  return formatValue(value, 3);
}
