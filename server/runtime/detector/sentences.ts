import { z } from 'zod';
import { detectionShape } from './detection.js';

/** A class's number, or the name of a group of classes. */
export type Named = number | string;

/** Things with their counts, in the order in which they are named. */
export type Items = readonly (readonly [Named, number])[];

/** A third of the picture. */
export type Third = 'left' | 'middle' | 'right';

/** How things come and go; with a side, or where they appear. */
export type EventKind = 'enter' | 'leave' | 'appear' | 'vanish';

/** The sentences of one language, filled in. */
export class Sentences {
  readonly #words: Words;

  constructor(words: Words) {
    this.#words = words;
  }

  /** `A person and two dogs come in from the left.` */
  event(kind: EventKind, items: Items, where: Third | ''): string {
    const { events } = this.#words;
    return this.#list(events[kind][where] ?? events[kind][''] ?? noForm, items);
  }

  /** `There are two dogs.` */
  there(items: Items): string {
    const [named, count] = items[0] ?? [0, 0];
    if (items.length === 1 && count === 1) return this.#thing(named).single;
    const form = this.#words.there[count === 1 ? 'one' : 'more'];
    return filled(form, 'items', this.#listed(items));
  }

  /** `There are no dogs.` */
  none(named: Named): string {
    return this.#thing(named).none;
  }

  /** `There is nothing.` */
  get nothing(): string {
    return this.#words.nothing;
  }

  /** `A dog is on the left.` */
  at(items: Items, place: Third): string {
    return items.length === 0 ? this.#words.at[place].none : this.#list(this.#words.at[place], items);
  }

  /** `The dog is on the left.` */
  where(named: Named, count: number, place: Third): string {
    if (count > 1) return this.at([[named, count]], place);
    return filled(this.#words.where[place], 'the', this.#thing(named).the);
  }

  /** `Yes, there is one dog.` */
  yes(sentence: string): string {
    return filled(this.#words.yes, 'sentence', sentence);
  }

  /** `No, there are no dogs.` */
  no(sentence: string): string {
    return filled(this.#words.no, 'sentence', sentence);
  }

  #list({ one, more }: Numbered, items: Items): string {
    const single = items.length === 1 && items[0]?.[1] === 1;
    return filled(single ? one : more, 'items', this.#listed(items));
  }

  #listed(items: Items): string {
    const phrases = items.map(([named, count]) => this.#phrase(named, count));
    const { comma, joint } = this.#words.list;
    const last = phrases.pop() ?? '';
    return phrases.length === 0 ? last : phrases.join(comma) + joint + last;
  }

  #phrase(named: Named, count: number): string {
    const { one, more } = this.#thing(named);
    return count === 1 ? one : filled(more, 'n', this.#words.numbers[count - 2] ?? String(count));
  }

  #thing(named: Named): Thing {
    const { things, groups } = this.#words;
    return (typeof named === 'number' ? things[named] : groups[named]) ?? noThing;
  }
}

/**
 * The template with its slot filled in: `{items}` as it is, `{Items}` capitalised, `{sentence}` lower-cased.
 */
function filled(template: string, slot: string, text: string): string {
  const rest = text.slice(1);
  const first = text.slice(0, 1);
  const name = slot.slice(0, 1).toUpperCase() + slot.slice(1);
  const [small, large] =
    slot === 'sentence' ? [first.toLowerCase() + rest, text] : [text, first.toUpperCase() + rest];
  return template.replace(`{${slot}}`, () => small).replace(`{${name}}`, () => large);
}

const short = z.string().max(200);
const thingSchema = z.strictObject({
  /** How a text may name it. */
  names: z.array(short.min(1)).max(20),
  one: short,
  more: short,
  the: short,
  single: short,
  none: short,
});
const numberedSchema = z.strictObject({ one: short, more: short });
const wheres = z.partialRecord(z.enum(['', 'left', 'middle', 'right']), numberedSchema);
const places = <Value extends z.ZodType>(value: Value) =>
  z.strictObject({ left: value, middle: value, right: value });

const wordsSchema = z.strictObject({
  /** From two on. */
  numbers: z.array(short).max(20),
  list: z.strictObject({ comma: short, joint: short }),
  things: z.array(thingSchema).length(detectionShape.classes),
  groups: z.record(short, thingSchema),
  events: z.strictObject({ enter: wheres, leave: wheres, appear: wheres, vanish: wheres }),
  there: numberedSchema,
  at: places(numberedSchema.extend({ none: short })),
  where: places(short),
  nothing: short,
  /** Words for the thirds of the picture. */
  thirds: places(z.array(short.min(1)).max(10)),
  /** Words of texts that ask to be told from then on, and not at once. */
  standing: z.array(short.min(1)).max(50),
  /** Texts that ask to be told no more. */
  stop: z.array(short.min(1)).max(50),
  /** Words of coming and of going. */
  coming: z.array(short.min(1)).max(50),
  going: z.array(short.min(1)).max(50),
  yes: short,
  no: short,
});

/**
 * `sentences.json` of a model folder: the sentences that its decoder was trained on, in each language, as
 * templates; and which classes the groups hold that have a word of their own.
 */
export const sentencesSchema = z.strictObject({
  format: z.literal(1),
  groups: z.record(
    short,
    z
      .array(
        z
          .int()
          .min(0)
          .max(detectionShape.classes - 1),
      )
      .max(detectionShape.classes),
  ),
  languages: z.record(z.string().max(16), wordsSchema),
});

/** See {@link sentencesSchema}. */
export type SentenceBook = z.infer<typeof sentencesSchema>;
type Words = z.infer<typeof wordsSchema>;
type Thing = z.infer<typeof thingSchema>;
type Numbered = z.infer<typeof numberedSchema>;

const noForm: Numbered = { one: '', more: '' };
const noThing: Thing = { names: [], one: '', more: '', the: '', single: '', none: '' };
