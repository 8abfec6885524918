/**
 * Whether a text that was read holds words, whole, in capitals or not and with accents or without: reading
 * often loses those. Longer words may also be joined to their neighbours, as readings often are; between
 * characters of Chinese there are no spaces.
 */
export function holdsWords(text: string, words: string): boolean {
  const [inText, wanted] = [plainWords(text), plainWords(words)];
  if (wanted === '') return false;
  if (` ${inText} `.includes(` ${wanted} `)) return true;
  const joined = wanted.replaceAll(' ', '');
  const mayTouch = /\p{Script=Han}/u.test(joined) || joined.length >= leastJoined;
  return mayTouch && inText.replaceAll(' ', '').includes(joined);
}

/** Letters; shorter words lie within others. */
const leastJoined = 6;

function plainWords(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toUpperCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
