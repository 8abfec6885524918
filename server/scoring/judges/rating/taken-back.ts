/**
 * Whether a reply withdraws a rating for another ("5 - no wait, 4"), so that it is unclear which one is
 * meant. Only words that begin a clause count, since replies also describe people who wait. A reply that ends
 * with its final rating has made up its mind.
 */
export function isTakenBack(text: string): boolean {
  return takenBack.test(text) && !settled.test(text);
}

const settled = /\bfinal\s+(?:score|rating|grade|answer)\b[^\n]{0,20}\d[^\n\d]{0,3}$/i;
const number = '(?<![\\d.,])\\d(?![\\d%])';
const second =
  "(?:(?:it|that|this)(?:['’]s|\\s+is|\\s+should\\s+be)|(?:I(?:['’]d|\\s+would)?\\s+)?(?:say|rate|give)(?:\\s+(?:it|this))?|" +
  '(?:make|call)\\s+(?:it|that)|rather|score:?|an?)';
const takenBack = new RegExp(
  [
    `(?:^|[-–—,.;:!?(]\\s*|\\bno\\s+)(?:oh\\s+)?wait\\b[^\\n]{0,160}${number}`,
    `\\b(?:scratch that|on (?:second thoughts?|reflection)|let me ` +
      `(?:revise|reconsider|correct))\\b[^]{0,160}${number}`,
    `\\d[^\\n]{0,20}\\b(?:no|sorry|hmm+|correction|actually|I mean)\\b[\\s,;:.!-]+(?:${second}\\s+){0,3}\\d`,
  ].join('|'),
  'im',
);
