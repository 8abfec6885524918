import { withoutThoughts } from './without-thoughts.js';

/** UTF-16 units read at either end of a reply. Judges are asked for a single number. */
const longestRead = 8000;

/**
 * A judge's reply without thoughts, with digits and punctuation normalised, and cut to its beginning and end
 * if very long.
 */
export function plainReply(reply: string): string {
  const said = withoutThoughts(reply)
    .normalize('NFKC')
    .replaceAll(/(?![0-9])\p{Nd}/gu, latinDigit)
    // Zero-width characters and keycap marks.
    .replaceAll(/[\u200b-\u200d\u20e3\ufe0f\ufeff]/g, '')
    .replaceAll(/[\u2212\u2010\u2011]/g, '-')
    .trim();
  if (said.length <= 2 * longestRead) return said;
  return `${said.slice(0, longestRead)}\n...\n${said.slice(-longestRead)}`;
}

/** The digits of a script follow one another in Unicode, from zero. */
function latinDigit(digit: string): string {
  let value = 0;
  const point = digit.codePointAt(0) ?? 0;
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(point - value - 1))) value += 1;
  return String(value);
}

/**
 * A plain reply without markup: Markdown, TeX, tags (`<score>4</score>` becomes `score: 4`), quotes and
 * brackets.
 */
export function withoutMarkup(plain: string): string {
  return plain
    .replaceAll(/\\(?:boxed|text|textbf|mathbf)\s*\{([^{}]*)\}/g, '$1')
    .replaceAll(reasonTags, '\n')
    .replaceAll(/~~[^~\n]{1,400}~~/g, ' ')
    .replaceAll(/<(\d)>/g, ' $1 ')
    .replaceAll(/<(score|rating|grade)\s+value\s*=\s*["']([^"'<>]{1,40})["'][^<>]{0,200}>/gi, '\n$1: $2\n')
    .replaceAll(/<\/(?:final[_-]?)?(?:score|rating|grade|answer)>/gi, '\n')
    .replaceAll(/<((?:final[_-]?)?(?:score|rating|grade|answer))(?:\s[^<>]*)?>/gi, '\n$1: ')
    .replaceAll(/\[(result|rating|score)\](?!\w)/gi, '\n$1: ')
    .replaceAll(/<\/?[a-z][^<>]*>/gi, '')
    .replaceAll(/^[ \t]*(?:[*+-]|#+|>+)[ \t]+/gm, '')
    .replaceAll(/[*_`#$|[\]{}"\u201c-\u201f«»「」『』]/g, ' ')
    .replaceAll(/(\d) ?(?:[★⭐🌟](?![ ]?[★⭐🌟☆]))/gu, '$1 stars')
    .replaceAll(/(?:[★⭐🌟] ?)+(?:☆ ?)*/gu, countStars);
}

/** Reasons in tags of their own. */
const reasonTags =
  /<(reason|explanation|justification|rationale|comments?|feedback|critique)>[^<]{0,8000}<\/\1>/gi;

/** Turns a row of stars into the number of filled ones, out of all. */
function countStars(row: string): string {
  const symbols = Array.from(row.replaceAll(' ', ''));
  const filled = symbols.filter((symbol) => symbol !== '☆').length;
  if (symbols.length === filled) return ` ${filled} stars `;
  return ` ${filled}/${symbols.length} `;
}
