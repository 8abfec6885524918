/** Turns text into the words that matter: lower case, no punctuation, single spaces, no articles. */
export type PlainWords = (text: string) => string;

const notWords = /[^\p{L}\p{M}\p{N}]+/gu;
const notWordsOrMarks = /[^\p{L}\p{M}\p{N}\ue000-\uf8ff]+/gu;

/** The rule for one language; `marks` keeps the private-use characters that stand for parts of a pattern. */
export function plainWords(articles: readonly string[], keep?: 'marks'): PlainWords {
  const between = keep === 'marks' ? notWordsOrMarks : notWords;
  const dropped = new Set(articles.map(lowerCase));
  return (text) => {
    const words = lowerCase(text).replace(between, ' ').trim().split(' ');
    return words.filter((word) => !dropped.has(word)).join(' ');
  };
}

/**
 * The sentences of a reply: one ends with `.`, `!` or `?` before a space or the end, with a full-width mark,
 * or with the line. Pieces without a letter or digit are dropped.
 */
export function splitSentences(text: string): string[] {
  const pieces = text.split(/[.!?…]+(?=["'”’)\]]*(?:\s|$))|[。！？]+|[\r\n\u2028\u2029]+/u);
  return pieces.filter((piece) => /[\p{L}\p{N}]/u.test(piece));
}

function lowerCase(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}
