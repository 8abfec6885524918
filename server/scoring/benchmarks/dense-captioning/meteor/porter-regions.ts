/** Vowels of English as the Snowball stemmer sees them; y counts unless it is written Y. */
const vowel = 'aeiouy';
const afterFirstGroup = new RegExp(`^[^${vowel}]*[${vowel}]+[^${vowel}]`);

/**
 * Where the two regions of a word begin in which suffixes may be cut; the length of the word where a region
 * is empty.
 */
export interface Regions {
  readonly first: number;
  readonly second: number;
}

/** The regions R1 and R2 of the Snowball English stemmer. */
export function regionsOf(word: string): Regions {
  const special = /^(?:gener|commun|arsen)/.exec(word)?.[0].length;
  const first = special ?? endOfMatch(word, 0);
  return { first, second: endOfMatch(word, first) };
}

function endOfMatch(word: string, from: number): number {
  const found = afterFirstGroup.exec(word.slice(from));
  return found === null ? word.length : from + found[0].length;
}

/** Marks every y that acts as a consonant, at the start or after a vowel, by writing it Y. */
export function markConsonantY(word: string): string {
  let marked = '';
  for (const letter of word) {
    const previous = marked.at(-1);
    const consonant = letter === 'y' && (previous === undefined || vowel.includes(previous));
    marked += consonant ? 'Y' : letter;
  }
  return marked;
}

/**
 * Whether a stem ends in a short syllable: consonant, vowel, consonant other than w, x, Y; or vowel,
 * consonant at the start.
 */
export function endsInShortSyllable(stem: string): boolean {
  return /[^aeiouy][aeiouy][^aeiouywxY]$/.test(stem) || /^[aeiouy][^aeiouy]$/.test(stem);
}
