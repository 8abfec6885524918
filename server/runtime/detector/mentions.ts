import type { Named, Third, SentenceBook } from './sentences.js';

/** What the words of a text name, of all that a grounded model knows. */
export interface Mentions {
  readonly names: readonly Named[];
  readonly places: readonly Third[];
  /** Whether it asks to be told from then on, and not at once. */
  readonly standing: boolean;
  /** Whether it asks to be told no more. */
  readonly stops: boolean;
  /** What alone it says of how things come and go; null: nothing, or both. */
  readonly only: 'coming' | 'going' | null;
  /** Languages in which it says so; none if it says nothing of the kind. */
  readonly languages: readonly string[];
}

/** Finds them; of names that contain each other the longest counts. */
export class MentionFinder {
  readonly #words: readonly Word[];
  /** Texts that ask to be told no more, by themselves. */
  readonly #stops: ReadonlySet<string>;

  constructor({ languages }: SentenceBook) {
    this.#stops = new Set(Object.values(languages).flatMap(({ stop }) => stop.map(plainText)));
    this.#words = Object.entries(languages)
      .flatMap(([language, { things, groups, thirds, standing, coming, going }]) => [
        ...standing.map((word) => wordOf(language, word, { standing: true })),
        ...coming.map((word) => wordOf(language, word, { movement: 'coming' })),
        ...going.map((word) => wordOf(language, word, { movement: 'going' })),
        ...[...things.entries(), ...Object.entries(groups)].flatMap(([name, thing]) =>
          thing.names.map((word) => wordOf(language, word, { name })),
        ),
        ...(['left', 'middle', 'right'] as const).flatMap((place) =>
          thirds[place].map((word) => wordOf(language, word, { place })),
        ),
      ])
      .sort((one, other) => other.length - one.length);
  }

  find(text: string): Mentions {
    const found: Word[] = [];
    const rests = new Map<string, string>();
    for (const word of this.#words) {
      const rest = rests.get(word.language) ?? text.slice(0, mostCharacters).toLowerCase();
      const without = rest.replace(word.pattern, ' ');
      if (without === rest) continue;
      found.push(word);
      // A word of movement may stand in another one, as "arrive" stands for both in French.
      if (word.movement === undefined && word.standing === undefined) rests.set(word.language, without);
    }
    const most = Math.max(
      0,
      ...[...new Set(found.map(({ language }) => language))].map((language) => weightOf(found, language)),
    );
    const heard = found.filter(({ language }) => weightOf(found, language) === most);
    const isOf = (kind: 'coming' | 'going') => heard.some(({ movement }) => movement === kind);
    return {
      names: [...new Set(heard.flatMap(({ name }) => (name === undefined ? [] : [name])))],
      places: [...new Set(heard.flatMap(({ place }) => (place === undefined ? [] : [place])))],
      stops: this.#stops.has(plainText(text.slice(0, mostCharacters))),
      standing: heard.some(({ standing }) => standing === true),
      only: isOf('coming') === isOf('going') ? null : isOf('coming') ? 'coming' : 'going',
      languages: [...new Set(heard.map(({ language }) => language))],
    };
  }
}

interface Word extends Meaning {
  readonly language: string;
  readonly pattern: RegExp;
  readonly length: number;
}

interface Meaning {
  readonly name?: Named;
  readonly place?: Third;
  readonly standing?: true;
  readonly movement?: 'coming' | 'going';
}

function wordOf(language: string, word: string, meaning: Meaning): Word {
  return { language, pattern: patternOf(word), length: word.length, ...meaning };
}

/** Letters of the words that a language names things by: French and English share some short ones. */
function weightOf(found: readonly Word[], language: string): number {
  return found.reduce((sum, word) => sum + (word.language === language ? word.length : 0), 0);
}

/** In small letters, without punctuation. */
function plainText(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** Whole words, but for scripts that have no spaces between them. */
function patternOf(word: string): RegExp {
  const escaped = word.toLowerCase().replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return /\p{Script=Han}/u.test(word)
    ? new RegExp(escaped, 'gu')
    : new RegExp(`(?<!\\p{L})${escaped}(?!\\p{L})`, 'gu');
}

/** No question is longer. */
const mostCharacters = 1000;
