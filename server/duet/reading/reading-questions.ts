import { readingLanguages, readingRules, type ReadingLanguage } from './reading-rules.js';
import { textPlaces, type TextPlace } from './seen-texts.js';

/** A question about the text in the picture. */
export type ReadingQuestion = { readonly language: ReadingLanguage } & (
  | {
      /** What there is to read, everywhere or at one place. */
      readonly type: 'read';
      readonly place: TextPlace | null;
    }
  | {
      /** Whether these words are there. */
      readonly type: 'says';
      readonly words: string;
    }
  | {
      /** To be told when these words appear; null: any text. */
      readonly type: 'watch';
      readonly words: string | null;
    }
);

/** Reads a question about text by the rules of its language; null for a question about anything else. */
export function readReadingQuestion(text: string): ReadingQuestion | null {
  const plain = plainQuestion(text);
  if (plain.length > longestQuestion) return null;
  for (const rules of compiledRules) {
    const { language } = rules;
    const told = matchIn(rules.watch, plain);
    if (told !== null) return { type: 'watch', language, words: told.words };
    if (matchIn(rules.read, plain) !== null) return { type: 'read', language, place: placeIn(plain, rules) };
    const asked = matchIn(rules.says, plain);
    if (asked !== null && asked.words !== null) return { type: 'says', language, words: asked.words };
  }
  return null;
}

/** The first match of a pattern, with the words that it names. */
function matchIn(patterns: readonly RegExp[], plain: string): { readonly words: string | null } | null {
  for (const pattern of patterns) {
    const match = pattern.exec(plain);
    if (match === null) continue;
    const { quoted, capitals, words, bare } = match.groups ?? {};
    // Without quotation marks only capitals tell what is to be read from what is to be seen.
    if (capitals !== undefined && (capitals !== capitals.toUpperCase() || !/\p{Lu}/u.test(capitals)))
      continue;
    return { words: quoted ?? capitals ?? words ?? bare ?? null };
  }
  return null;
}

function placeIn(plain: string, { places }: CompiledRules): TextPlace | null {
  return places.find(([, pattern]) => pattern.test(plain))?.[0] ?? null;
}

/** Nobody asks at greater length what a sign says; patterns stay fast. */
const longestQuestion = 200;

/** With ordinary quotation marks and spaces, without marks at its ends. */
function plainQuestion(text: string): string {
  return text
    .normalize('NFC')
    .replaceAll(/[“”„«»「」『』＂]/g, '"')
    .replaceAll(/[‘’]/g, "'")
    .replaceAll(/"\s*([^"]*?)\s*"/g, '"$1"')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(/^[¿¡\s]+/, '')
    .replace(/[\s.!?。！？…]+$/, '');
}

interface CompiledRules {
  readonly language: ReadingLanguage;
  readonly read: readonly RegExp[];
  readonly says: readonly RegExp[];
  readonly watch: readonly RegExp[];
  readonly places: readonly (readonly [TextPlace, RegExp])[];
}

const compiledRules = compileRules();

function compileRules(): readonly CompiledRules[] {
  return readingLanguages.map((language) => {
    const { nouns, tell, places, ...rules } = readingRules[language];
    const anyPlace = `(?:${Object.values(places).join('|')})`;
    // Between words of Chinese there is no space that the pattern could leave out together with a place.
    const place = language === 'zh' ? `${anyPlace}?` : anyPlace;
    const compile = (pattern: string): RegExp =>
      new RegExp(
        `^${pattern
          .replaceAll('TELL', tell)
          .replaceAll('NOUN', nouns)
          .replaceAll('PLACE', place)
          .replaceAll('QUOTED', '(?:"(?<quoted>[^"]+)"|(?<capitals>[\\p{L}\\p{N}][\\p{L}\\p{N} ]{0,40}))')
          .replaceAll('WORDS', '(?:"(?<words>[^"]+)"|(?<bare>[^"]{1,80}?))')}$`,
        'iu',
      );
    return {
      language,
      ...{ read: rules.read.map(compile), says: rules.says.map(compile), watch: rules.watch.map(compile) },
      places: textPlaces.map((each) => [each, new RegExp(places[each], 'iu')] as const),
    };
  });
}
