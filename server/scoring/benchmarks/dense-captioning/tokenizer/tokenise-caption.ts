import { tokenRules } from './token-rules.js';

const bracketNames: Readonly<Record<string, string>> = {
  '(': '-lrb-',
  ')': '-rrb-',
  '[': '-lsb-',
  ']': '-rsb-',
  '{': '-lcb-',
  '}': '-rcb-',
};

const fractions: Readonly<Record<string, string>> = {
  '½': '1/2',
  '⅓': '1/3',
  '⅔': '2/3',
  '¼': '1/4',
  '¾': '3/4',
  '⅛': '1/8',
  '⅜': '3/8',
  '⅝': '5/8',
  '⅞': '7/8',
};

const removed = new Set(['.', '?', '!', ',', ':', ';', '-', '--', '...', '…', "'", "''", '`', '``', '"']);
const quotesAndDashes = /^(?:["'`“”‘’‚„‹›«»]|['`]{2}|-{3,4}|[–—―]+|(?:\.\s?){3,5}|\.{3,5})$/u;

/**
 * The words of a caption, in lower case and without punctuation, as the Penn Treebank tokeniser of the
 * published caption scorers gives them: contractions apart ("do n't"), abbreviations with their full stop,
 * hyphenated words whole. Brackets survive under their names ("-lrb-"), since those scorers drop only the
 * upper-case names. A whole number and its fraction are one token joined by a no-break space.
 */
export function tokeniseCaption(text: string): string[] {
  const tokens: string[] = [];
  const line = text.replace(/[\r\n]/g, ' ');
  let index = 0;
  while (index < line.length) {
    const token = tokenAt(line, index);
    index += token.length;
    const written = token.trim();
    if (written !== '' && !removed.has(written) && !quotesAndDashes.test(written))
      tokens.push(normalise(written));
  }
  return tokens;
}

/** White space counts as a token; it is dropped by the caller. */
function tokenAt(line: string, index: number): string {
  const first = String.fromCodePoint(line.codePointAt(index) ?? 0);
  if (/\s/u.test(first)) return first;
  let best = first;
  let covered = 0;
  for (const rule of tokenRules) {
    rule.lastIndex = index;
    const found = rule.exec(line);
    const token = found?.[1] ?? '';
    if (found === null || token === '' || found[0].length <= covered) continue;
    best = token;
    covered = found[0].length;
  }
  return best;
}

function normalise(token: string): string {
  const named = bracketNames[token] ?? fractions[token];
  if (named !== undefined) return named;
  const brackets = token.startsWith('<')
    ? token
    : token.replace(/[()[\]{}]/g, (mark) => bracketNames[mark] ?? mark);
  return brackets.replace(/’/g, "'").replace(/\s+/g, '\u00a0').toLowerCase();
}
