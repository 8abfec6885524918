import type { Association } from './association.js';
import { topClass } from './detection.js';
import { clearThirdOf, thirdOf, presentIn, type Happened } from './happened.js';
import { MentionFinder, type Mentions } from './mentions.js';
import type { Items, Named, Third, SentenceBook } from './sentences.js';
import { Sentences } from './sentences.js';
import type { Slot } from './slot.js';
import { valueAt } from './value-at.js';

/** Something that may be said now because it is true. */
export interface Saying {
  readonly text: string;
  /** Keys of the events that it tells. */
  readonly tells: readonly string[];
  /** Whether it answers a question about now. */
  readonly answers: boolean;
}

/** Every true thing that a decoder has words for, in all of its languages. */
export class Sayings {
  readonly #languages: ReadonlyMap<string, Sentences>;
  readonly #mentions: MentionFinder;
  readonly #groups: readonly (readonly [string, ReadonlySet<number>])[];

  constructor(book: SentenceBook) {
    this.#languages = new Map(
      Object.entries(book.languages).map(([name, words]) => [name, new Sentences(words)]),
    );
    this.#groups = Object.entries(book.groups).map(([name, held]) => [name, new Set(held)]);
    this.#mentions = new MentionFinder(book);
  }

  /** What a text of the user names. */
  mentionsIn(text: string): Mentions {
    return this.#mentions.find(text);
  }

  /** Whether a class is called so: by its own name or that of a group which holds it. */
  isA(thing: number, name: Named): boolean {
    return thing === name || this.#groups.some(([group, held]) => group === name && held.has(thing));
  }

  /**
   * What tells of these events: all of them, those of some things, those that come or go, through one side.
   */
  ofEvents(events: readonly Happened[], languages: readonly string[]): readonly Saying[] {
    const chosen = new Map<string, readonly Happened[]>();
    for (const thing of [null, ...this.#namesOf(events)]) {
      for (const kinds of [null, comings, goings]) {
        for (const side of [null, 'left', 'right'] as const) {
          const some = events.filter(
            (event) =>
              (thing === null || this.isA(event.thing, thing)) &&
              (kinds === null || kinds.has(event.kind)) &&
              (side === null || event.side === side),
          );
          if (some.length > 0) chosen.set(some.map(({ key }) => key).join(' '), some);
        }
      }
    }
    return [...chosen.values()].flatMap((some) =>
      this.#among(languages).flatMap((language) => this.#told(language, some)),
    );
  }

  /** What answers a question about what is there now, about the things or places that it names. */
  ofNow(
    association: Association,
    about: Pick<Mentions, 'names' | 'places'>,
    languages: readonly string[],
  ): readonly Saying[] {
    const here = presentIn(association).map((slot) => ({ slot, thing: topClass(slot.classes) }));
    return this.#among(languages).flatMap((language) =>
      [...this.#answers(language, here, about)].map((text) => ({ text, tells: [], answers: true })),
    );
  }

  /** What answers about these depend on: how many there are, or what is in the places. */
  factsNow(association: Association, { names, places }: Pick<Mentions, 'names' | 'places'>): string {
    const here = presentIn(association).map((slot) => ({ slot, thing: topClass(slot.classes) }));
    const facts =
      names.length > 0
        ? names.map((name) => here.filter(({ thing }) => this.isA(thing, name)).length)
        : places.map((place) => itemsOf(here.filter(({ slot }) => thirdOf(slot) === place)));
    return JSON.stringify(facts);
  }

  /** Those languages; all, if there is none of them. */
  #among(names: readonly string[]): readonly Sentences[] {
    const some = names.flatMap((name) => this.#languages.get(name) ?? []);
    return some.length > 0 ? some : [...this.#languages.values()];
  }

  #told(language: Sentences, events: readonly Happened[]): readonly Saying[] {
    const tells = events.map(({ key }) => key);
    const texts = new Set(
      [false, true].map((broadly) => sentencesOf(language, events, broadly ? this.#broadName : exactName)),
    );
    return [...texts].map((text) => ({ text, tells, answers: false }));
  }

  *#answers(
    language: Sentences,
    here: readonly Here[],
    { names, places }: Pick<Mentions, 'names' | 'places'>,
  ): Iterable<string> {
    if (names.length > 0) {
      for (const name of names) yield* this.#answersAbout(language, name, here);
      return;
    }
    for (const place of places) {
      yield language.at(itemsOf(here.filter(({ slot }) => thirdOf(slot) === place)), place);
    }
    if (places.length === 0) yield here.length === 0 ? language.nothing : language.there(itemsOf(here));
  }

  *#answersAbout(language: Sentences, name: Named, here: readonly Here[]): Iterable<string> {
    const some = here.filter(({ thing }) => this.isA(thing, name));
    if (some.length === 0) {
      yield* absent(language, name);
      return;
    }
    const items: Items = [[name, some.length]];
    const there = language.there(items);
    yield there;
    yield language.yes(there);
    const [place, ...others] = new Set(some.map(({ slot }) => thirdOf(slot)));
    if (place === undefined || others.length > 0) return;
    yield language.where(name, some.length, place);
    yield language.yes(language.at(items, place));
  }

  /** The classes of these events, and the groups that hold some of them. */
  #namesOf(events: readonly Happened[]): readonly Named[] {
    const things = new Set<Named>(events.map(({ thing }) => thing));
    for (const { thing } of events) things.add(this.#groupOf(thing) ?? thing);
    return [...things];
  }

  #groupOf(thing: number): string | undefined {
    return this.#groups.find(([, held]) => held.has(thing))?.[0];
  }

  /** The group's name where the detector hardly tells the class from another one of its group. */
  readonly #broadName = ({ thing, slot }: Happened): Named => {
    const group = this.#groupOf(thing);
    if (group === undefined) return thing;
    const rivals = [...slot.classes.keys()].filter(
      (other) => other !== thing && valueAt(slot.classes, other) > likeness * valueAt(slot.classes, thing),
    );
    return rivals.some((other) => this.isA(other, group)) ? group : thing;
  };
}

/** A thing that is there, and its class. */
interface Here {
  readonly slot: Slot;
  readonly thing: number;
}

/** The score of a class that can be taken for the first one, as a share of that one's. */
const likeness = 0.6;

const classes = 80;
const comings: ReadonlySet<string> = new Set(['enter', 'appear']);
const goings: ReadonlySet<string> = new Set(['leave', 'vanish']);
const kindOrder = ['enter', 'appear', 'leave', 'vanish'];
const mostSentences = 3;
const mostInOne = 3;
const mostNames = 4;

function exactName({ thing }: Happened): Named {
  return thing;
}

function* absent(language: Sentences, name: Named): Iterable<string> {
  yield language.none(name);
  yield language.no(language.none(name));
}

/** One sentence for what belongs together by kind and place, as the decoder was taught. */
function sentencesOf(
  language: Sentences,
  events: readonly Happened[],
  nameOf: (event: Happened) => Named,
): string {
  const thirds = new Set(
    events.filter(({ kind }) => kind === 'appear').map(({ slot }) => clearThirdOf(slot)),
  );
  const groups = new Map<string, { where: Third | ''; events: Happened[] }>();
  const ordered = [...events].sort(
    (a, b) => kindOrder.indexOf(a.kind) - kindOrder.indexOf(b.kind) || worth(a.thing) - worth(b.thing),
  );
  for (const event of ordered) {
    const third = thirds.size > 2 ? '' : clearThirdOf(event.slot);
    const where = event.kind === 'appear' ? third : event.side;
    const name = `${event.kind} ${where}`;
    const before = groups.get(name)?.events ?? [];
    groups.set(name, { where, events: [...before, event] });
  }
  const sentences = [...groups].slice(0, mostSentences).map(([, group]) => {
    const items = counted(group.events.map(nameOf)).slice(0, mostInOne);
    return language.event(group.events[0]?.kind ?? 'enter', items, group.where);
  });
  return sentences.join(sentences[0]?.endsWith('。') ? '' : ' ');
}

function itemsOf(here: readonly Here[]): Items {
  const areaOf = ({ slot: { box } }: Here) => box.y2 - box.y1;
  const ordered = [...here].sort((a, b) => rank(a.thing) - rank(b.thing) || areaOf(b) - areaOf(a));
  return counted(ordered.map(({ thing }) => thing)).slice(0, mostNames);
}

function counted(names: readonly Named[]): Items {
  const counts = new Map<Named, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts];
}

/** People before animals and vehicles before other things. */
function rank(thing: number): number {
  if (thing === 0) return 0;
  return isLively(thing) ? 1 : 2;
}

function worth(thing: number): number {
  return rank(thing) * classes + thing;
}

/** Vehicles (1 to 8) and animals (14 to 23), which come and go; other things mostly stand about. */
function isLively(thing: number): boolean {
  return thing <= 8 || (thing >= 14 && thing <= 23);
}
