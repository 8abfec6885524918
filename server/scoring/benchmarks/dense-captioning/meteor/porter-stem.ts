const exceptions = new Map([
  ['skis', 'ski'],
  ['skies', 'sky'],
  ['dying', 'die'],
  ['lying', 'lie'],
  ['tying', 'tie'],
  ['idly', 'idl'],
  ['gently', 'gentl'],
  ['ugly', 'ugli'],
  ['early', 'earli'],
  ['only', 'onli'],
  ['singly', 'singl'],
  ...['sky', 'news', 'howe', 'atlas', 'cosmos', 'bias', 'andes'].map((word) => [word, word] as const),
]);

const afterPlural = new Set('inning outing canning herring earring proceed exceed succeed'.split(' '));

/** Stem of a lower-case English word by the Snowball "English" algorithm (Porter's second stemmer). */
export function porterStem(word: string): string {
  const exception = exceptions.get(word);
  if (exception !== undefined) return exception;
  if (word.length <= 2) return word;
  const marked = markConsonantY(word.replace(/^'/, ''));
  const regions = regionsOf(marked);
  const singular = cutPlural(marked.replace(/'(?:s'?)?$/, ''));
  if (afterPlural.has(singular)) return singular;
  const present = softenY(cutTense(singular, regions));
  const reduced = reduceEnding(reduceDerivation(present, regions), regions);
  return cutFinal(cutSuffix(reduced, regions), regions).replaceAll('Y', 'y');
}

/** Vowels of English as the Snowball stemmer sees them; y counts unless it is written Y. */
const vowel = 'aeiouy';
const afterFirstGroup = new RegExp(`^[^${vowel}]*[${vowel}]+[^${vowel}]`);

/**
 * Where the two regions of a word begin in which suffixes may be cut; the length of the word where a region
 * is empty.
 */
interface Regions {
  readonly first: number;
  readonly second: number;
}

/** The regions R1 and R2 of the Snowball English stemmer. */
function regionsOf(word: string): Regions {
  const special = /^(?:gener|commun|arsen)/.exec(word)?.[0].length;
  const first = special ?? endOfMatch(word, 0);
  return { first, second: endOfMatch(word, first) };
}

function endOfMatch(word: string, from: number): number {
  const found = afterFirstGroup.exec(word.slice(from));
  return found === null ? word.length : from + found[0].length;
}

/** Marks every y that acts as a consonant, at the start or after a vowel, by writing it Y. */
function markConsonantY(word: string): string {
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
function endsInShortSyllable(stem: string): boolean {
  return /[^aeiouy][aeiouy][^aeiouywxY]$/.test(stem) || /^[aeiouy][^aeiouy]$/.test(stem);
}

/** What replaces a suffix found within the first region; null where a condition on the stem is not met. */
type Replacement = string | ((stem: string) => string | null);

const derivations: readonly (readonly [suffix: string, replacement: Replacement])[] = [
  ['ization', 'ize'],
  ['ational', 'ate'],
  ['fulness', 'ful'],
  ['ousness', 'ous'],
  ['iveness', 'ive'],
  ['tional', 'tion'],
  ['biliti', 'ble'],
  ['lessli', 'less'],
  ['entli', 'ent'],
  ['ation', 'ate'],
  ['alism', 'al'],
  ['aliti', 'al'],
  ['ousli', 'ous'],
  ['iviti', 'ive'],
  ['fulli', 'ful'],
  ['enci', 'ence'],
  ['anci', 'ance'],
  ['abli', 'able'],
  ['izer', 'ize'],
  ['ator', 'ate'],
  ['alli', 'al'],
  ['bli', 'ble'],
  ['ogi', (stem) => (stem.endsWith('l') ? 'og' : null)],
  ['li', (stem) => (/[cdeghkmnrt]$/.test(stem) ? '' : null)],
];

const endings: readonly (readonly [suffix: string, replacement: string])[] = [
  ['ational', 'ate'],
  ['tional', 'tion'],
  ['alize', 'al'],
  ['icate', 'ic'],
  ['iciti', 'ic'],
  ['ical', 'ic'],
  ['ness', ''],
  ['ful', ''],
];

const removable = 'ement ance ence able ible ment ant ent ism ate iti ous ive ize ion al er ic'.split(' ');

/** Step 1a: plurals. */
function cutPlural(word: string): string {
  if (word.endsWith('sses')) return word.slice(0, -2);
  if (/(?:ied|ies)$/.test(word)) return word.length > 4 ? word.slice(0, -2) : word.slice(0, -1);
  if (/(?:us|ss)$/.test(word)) return word;
  return /[aeiouy].+s$/.test(word) ? word.slice(0, -1) : word;
}

/** Step 1b: past tense and -ing. */
function cutTense(word: string, { first }: Regions): string {
  const agreed = /(?:eedly|eed)$/.exec(word)?.[0];
  if (agreed !== undefined) {
    return word.length - agreed.length >= first ? `${word.slice(0, -agreed.length)}ee` : word;
  }
  const suffix = /(?:ingly|edly|ing|ed)$/.exec(word)?.[0];
  if (suffix === undefined || !/[aeiouy]/.test(word.slice(0, -suffix.length))) return word;
  const stem = word.slice(0, -suffix.length);
  if (/(?:at|bl|iz)$/.test(stem)) return `${stem}e`;
  if (/(?:bb|dd|ff|gg|mm|nn|pp|rr|tt)$/.test(stem)) return stem.slice(0, -1);
  return stem.length <= first && endsInShortSyllable(stem) ? `${stem}e` : stem;
}

/** Step 1c: a final y after a consonant that is not the first letter. */
function softenY(word: string): string {
  return /.[^aeiouy][yY]$/.test(word) ? `${word.slice(0, -1)}i` : word;
}

/** Step 2: double suffixes, the longest that fits, within the first region. */
function reduceDerivation(word: string, { first }: Regions): string {
  const found = derivations.find(([suffix]) => word.endsWith(suffix));
  if (found === undefined || word.length - found[0].length < first) return word;
  const stem = word.slice(0, -found[0].length);
  const replacement = typeof found[1] === 'string' ? found[1] : found[1](stem);
  return replacement === null ? word : stem + replacement;
}

/** Step 3: further suffixes within the first region; -ative within the second. */
function reduceEnding(word: string, { first, second }: Regions): string {
  if (word.endsWith('ative')) return word.length - 5 >= second ? word.slice(0, -5) : word;
  const found = endings.find(([suffix]) => word.endsWith(suffix));
  if (found === undefined || word.length - found[0].length < first) return word;
  return word.slice(0, -found[0].length) + found[1];
}

/** Step 4: what remains of suffixes within the second region. */
function cutSuffix(word: string, { second }: Regions): string {
  const suffix = removable.find((candidate) => word.endsWith(candidate));
  if (suffix === undefined || word.length - suffix.length < second) return word;
  const stem = word.slice(0, -suffix.length);
  return suffix === 'ion' && !/[st]$/.test(stem) ? word : stem;
}

/** Step 5: a final e or the second of two l. */
function cutFinal(word: string, { first, second }: Regions): string {
  const stem = word.slice(0, -1);
  if (word.endsWith('e')) {
    return stem.length >= second || (stem.length >= first && !endsInShortSyllable(stem)) ? stem : word;
  }
  return word.endsWith('ll') && stem.length >= second ? stem : word;
}
