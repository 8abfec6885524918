import type { RealPlace, RealSide } from '../real-clips.js';
import { allThings, namedThings } from './vocabulary.js';

/** One thing that a reply claims. */
export interface Claim {
  /** Comes, goes, is there in a number, or just is there. */
  readonly kind: 'comes' | 'goes' | 'count' | 'is';
  /** The classes that are meant; none for a thing that is no class. */
  readonly classes: readonly string[];
  /** Through which side it comes or goes. */
  readonly side?: RealSide;
  readonly place?: RealPlace;
  readonly count?: number;
}

/** What an English reply claims, sentence by sentence. Verbs other than of coming and going are not read. */
export function statementsIn(text: string): readonly Claim[] {
  const sentences = text
    .toLowerCase()
    .replaceAll(/[’`]/g, "'")
    .split(/[.!?;]+\s*|\bwhile\b|\band then\b/);
  return sentences.flatMap((sentence) => claimsOf(` ${sentence.replaceAll(/[^a-z0-9' -]+/g, ' ').trim()} `));
}

const motion = 'walk|driv|mov|slid|step|run|rid|fl';
const comes = new RegExp(
  String.raw`\b(?:com(?:es?|ing) (?:in|into|from|back|closer into view)|came in|enter(?:s|ed|ing)?|arriv(?:es?|ed|ing)` +
    String.raw`|(?:${motion})\w* (?:in|into)\b|returns?|joins?|appear(?:s|ed|ing)?|show(?:s|ed)? up|pops? up` +
    String.raw`|emerg(?:es?|ed|ing)|comes? into view)\b`,
);
const goes = new RegExp(
  String.raw`\b(?:leav(?:es?|ing)|(?:has|have|just) left|left the (?:picture|frame|scene|view|screen|room)` +
    String.raw`|go(?:es|ing)? (?:out|away|off)|(?:${motion})\w* (?:out|away|off)\b|exit(?:s|ed|ing)?` +
    String.raw`|disappear(?:s|ed|ing)?|vanish(?:es|ed)?|(?:is|are) (?:now )?gone|no longer)\b`,
);

function claimsOf(sentence: string): readonly Claim[] {
  if (/\b(?:nobody|no one|no-one)\b/.test(sentence))
    return [{ kind: 'count', classes: ['person'], count: 0 }];
  const verb = goes.test(sentence) ? 'goes' : comes.test(sentence) ? 'comes' : null;
  const where = { ...sideOf(sentence, verb), ...placeOf(sentence, verb) };
  const named = namedThings(sentence);
  if (named.length === 0) return withoutThing(sentence, verb, where);
  return named.map(({ classes, start }, index) => {
    const before = sentence.slice(named[index - 1]?.end ?? 0, start);
    const count = numberAtEndOf(before);
    const kind = index === 0 && verb !== null ? verb : count !== undefined && !where.place ? 'count' : 'is';
    const { side, place } = where;
    return {
      ...{ kind, classes },
      ...(index === 0 && side && { side }),
      ...(place && { place }),
      ...(count !== undefined && { count }),
    };
  });
}

type Where = Pick<Claim, 'side' | 'place'>;

/** "Something comes in" may be anything; "A balloon appears" is about a thing that nobody labels. */
function withoutThing(sentence: string, verb: 'comes' | 'goes' | null, where: Where): readonly Claim[] {
  if (verb === null || /\bnothing\b/.test(sentence)) return [];
  const anything = /\b(?:something|another|one|it|they|he|she)\b/.test(sentence);
  return [{ kind: verb, classes: anything ? allThings : [], ...where }];
}

/** "From the left" of what comes; "to the left" only of what goes. */
function sideOf(sentence: string, verb: 'comes' | 'goes' | null): Where {
  const from = /\bfrom (?:the |its )?(?:far )?(left|right|top|bottom)/.exec(sentence);
  const to = /\b(?:to|through|towards?|off|out) (?:the )?(?:far )?(left|right|top|bottom)/;
  const [, side] = from ?? (verb === 'goes' ? to.exec(sentence) : null) ?? [];
  return side === 'left' || side === 'right' || side === 'top' || side === 'bottom' ? { side } : {};
}

/** "On the left"; "to the left" too, but of what goes. */
function placeOf(sentence: string, verb: 'comes' | 'goes' | null): Where {
  const words = verb === 'goes' ? 'on|at|in' : 'on|at|in|to';
  const found = new RegExp(
    String.raw`\b(?:${words}) (?:the )?(?:far |very )?(left|right|middle|cent(?:er|re))`,
  );
  const [, place] = found.exec(sentence) ?? [];
  if (place === 'left' || place === 'right') return { place };
  return place === undefined ? {} : { place: 'middle' };
}

const numberWords = 'no one two three four five six seven eight nine ten eleven twelve'.split(' ');
const numbers: ReadonlyMap<string, number> = new Map([
  ...numberWords.map((word, number) => [word, number] as const),
  ...([
    ['zero', 0],
    ['both', 2],
    ['pair', 2],
    ['couple', 2],
  ] as const),
]);

/** The number among the last four words; an article before it ends the search. */
function numberAtEndOf(words: string): number | undefined {
  for (const word of words.trim().split(' ').slice(-4).reverse()) {
    const number = numbers.get(word) ?? (/^\d+$/.test(word) ? Number(word) : undefined);
    if (number !== undefined) return number;
    if (/^(?:an?|another)$/.test(word)) return undefined;
  }
  return undefined;
}
