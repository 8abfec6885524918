import type { Mode } from '../../mode.js';
import type { JudgingReport } from './judging-report.js';

/** What a reader must know about the judging before comparing figures. */
export function judgingNotes(judging: JudgingReport | undefined): string[] {
  if (judging === undefined) return [];
  const { swap, second, nCases, nCutTexts, nCacheFaults, nCutOff, notJudged, askedAs } = judging;
  const nNotJudged = notJudged.reduce((total, { n }) => total + n, 0);
  const reasons = notJudged.slice(0, 3).map(({ reason, n }) => `${reason} (${n})`);
  const nLost = second?.nUnusable ?? 0;
  return [
    ...(swap?.scored === 'mean'
      ? ['every rating is the mean of two, gold answer and prediction exchanged for the second']
      : []),
    ...(nNotJudged > 0
      ? [`${nNotJudged} of ${nCases} cases were not judged and are in no figure: ${reasons.join('; ')}`]
      : []),
    ...(nCutOff > 0 ? [`${nCutOff} replies were cut off before their rating; raise --judge-max-tokens`] : []),
    ...askedAs.map((form) => `the judge was asked ${form}`),
    ...(nCutTexts > 0 ? [`${nCutTexts} texts were longer than a judge is shown and were cut`] : []),
    ...(nCacheFaults > 0
      ? [`${nCacheFaults} entries of the judge's cache could not be read or written; the judge was asked`]
      : []),
    ...(nLost * 2 > nCases && nCases > 0
      ? [
          `the second judge is compared over ${nCases - nLost} of ` +
            `${nCases} cases only; the others have no rating`,
        ]
      : []),
  ];
}

/** Notes about replies that could not be read; `lowest` says how they are counted. */
export function readingNotes(nUnparsable: number, mode: Mode, lowest: string): string[] {
  if (nUnparsable === 0) return [];
  const rule =
    mode === 'compat'
      ? 'do not end in a digit 1 to 5, which is all that the published scripts look at,'
      : 'hold no rating';
  return [`${nUnparsable} replies of the judge ${rule} and ${lowest}`];
}
