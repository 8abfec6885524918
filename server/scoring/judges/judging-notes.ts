import type { JudgingReport } from './judging-report.js';

/** What a reader has to know of the judging before comparing figures. */
export function judgingNotes(judging: JudgingReport | undefined): string[] {
  if (judging === undefined) return [];
  const { swap, nCutTexts, nCacheFaults } = judging;
  return [
    ...(swap?.scored === 'mean'
      ? ['every rating is the mean of two, gold answer and prediction exchanged for the second']
      : []),
    ...(nCutTexts > 0 ? [`${nCutTexts} texts were longer than a judge is shown and were cut`] : []),
    ...(nCacheFaults > 0
      ? [`${nCacheFaults} entries of the judge's cache could not be read or written; the judge was asked`]
      : []),
  ];
}
