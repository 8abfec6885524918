import { markConsonantY, regionsOf } from './porter-regions.js';
import {
  cutFinal,
  cutPlural,
  cutSuffix,
  cutTense,
  reduceDerivation,
  reduceEnding,
  softenY,
} from './porter-steps.js';

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
