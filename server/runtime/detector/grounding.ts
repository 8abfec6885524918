import { z } from 'zod';
import type { Association } from './association.js';
import { happenedIn, thirdOf, type Happened } from './happened.js';
import type { Mentions } from './mentions.js';
import type { Saying, Sayings } from './sayings.js';
import type { EventKind } from './sentences.js';

/**
 * Holds the decoder of one conversation to what its detector sees: it may speak when something has happened
 * that was not told yet and was not asked away, or after a question, and then says one of the true sentences
 * that it knows. Whether it speaks, of what and in which language remains its own choice.
 */
export class Grounding {
  readonly #sayings: Sayings;
  /** Keys of the events that were told, also in replies that were removed; the newest last. */
  readonly #told = new Set<string>();

  constructor(sayings: Sayings) {
    this.#sayings = sayings;
  }

  /** After a frame: its score is the best of late where there is something to say, and 0 where there is not. */
  afterFrame(before: GroundedMind, association: Association, scores: HeadScores): Grounded {
    const { asked } = before;
    const mind: GroundedMind = {
      ...before,
      asked: asked === null || isPast(asked) ? null : afterWaiting(asked, mayAnswer(before, association)),
      lately: [...before.lately, scores.informative].slice(-latelyFrames),
    };
    const untold = this.#untold(mind, association);
    const open = untold.length > 0 || mayAnswer(mind, association);
    // What the rules are sure of is worth telling where nothing was asked, or just that; a question is to be answered.
    const sure = untold.filter((event) => this.#isClearlyWanted(mind, event)).map(({ sureness }) => sureness);
    const due = mind.asked?.isQuestion && mayAnswer(mind, association) ? [1] : [];
    const informative = open ? Math.max(...mind.lately, ...sure, ...due) : 0;
    return { mind, scores: { informative, relevance: open ? scores.relevance : 0 } };
  }

  /** After a text of the user. What it names is what may be told from then on; if it names nothing, all may. */
  afterText({ wanted, languages }: GroundedMind, text: string): GroundedMind {
    const mentions = this.#sayings.mentionsIn(text);
    if (mentions.stops) return { asked: null, lately: [], wanted: [], languages };
    const isFirst = wanted === 'nothing asked';
    const namesNothing = mentions.names.length === 0;
    const names = isFirst ? [] : wanted;
    return {
      asked: mentions.standing
        ? null
        : {
            ...{ frames: 0, chances: 0 },
            names: [...mentions.names],
            places: [...mentions.places],
            isQuestion: /[?？]/.test(text) && mentions.names.length + mentions.places.length > 0,
            before: wanted,
          },
      lately: [],
      wanted:
        namesNothing || names === 'anything'
          ? 'anything'
          : [...names, ...mentions.names.map((name) => ({ name, ...movementIn(mentions) }))].slice(
              -mostNames,
            ),
      languages: [...new Set([...(isFirst ? [] : languages), ...mentions.languages])],
    };
  }

  /** What may be said now. */
  sayings(mind: GroundedMind, association: Association): readonly Saying[] {
    const { asked, languages } = mind;
    return [
      ...this.#sayings.ofEvents(this.#untold(mind, association), languages),
      ...(asked !== null && mayAnswer(mind, association)
        ? this.#sayings.ofNow(association, asked, languages)
        : []),
    ];
  }

  /** After one of the sayings was said. */
  afterSaying(mind: GroundedMind, { tells, answers }: Saying): GroundedMind {
    for (const key of tells) this.#told.add(key);
    for (const oldest of this.#told) {
      if (this.#told.size <= mostTold) break;
      this.#told.delete(oldest);
    }
    if (!answers || mind.asked === null) return { ...mind, lately: [] };
    // It was a question about now: what is to be told from now on stays as it was.
    return { ...mind, asked: null, lately: [], wanted: mind.asked.before };
  }

  /** What may be told; nothing at first while a question waits, as its answer goes before it. */
  #untold({ asked, wanted }: GroundedMind, association: Association): readonly Happened[] {
    if (asked?.isQuestion && asked.frames <= answerFrames) return [];
    return happenedIn(association, heldBack).filter(
      (event) =>
        !this.#told.has(event.key) &&
        (typeof wanted === 'string' || wanted.some((request) => this.#isAskedBy(request, event))),
    );
  }

  #isClearlyWanted({ wanted }: GroundedMind, event: Happened): boolean {
    if (typeof wanted === 'string') return wanted === 'nothing asked';
    return wanted.some((request) => request.only !== null && this.#isAskedBy(request, event));
  }

  #isAskedBy({ name, only, at }: Request, { thing, kind, side, slot }: Happened): boolean {
    if (!this.#sayings.isA(thing, name) || (only !== null && !movements[only].includes(kind))) return false;
    return at === null || at === (side === '' ? thirdOf(slot) : side);
  }
}

const named = z.union([z.int().min(0), z.string()]);
const requestSchema = z.object({
  name: named,
  /** How it moves, and where; null: anyhow, anywhere. */
  only: z.enum(['coming', 'going']).nullable(),
  at: z.enum(['left', 'middle', 'right']).nullable(),
});
type Request = z.infer<typeof requestSchema>;
const wantedSchema = z.union([z.enum(['nothing asked', 'anything']), z.array(requestSchema)]);

const movements: Readonly<Record<'coming' | 'going', readonly EventKind[]>> = {
  coming: ['enter', 'appear'],
  going: ['leave', 'vanish'],
};

/** What a grounded conversation stands at. It is never changed, so that one can return to it. */
export const groundedMindSchema = z.object({
  /** What the last text names; null: it asks for nothing now, is answered, or long ago. */
  asked: z
    .object({
      /** Frames since then, and those of them in which it could have been answered. */
      frames: z.int().min(0),
      chances: z.int().min(0),
      names: z.array(named),
      places: z.array(z.enum(['left', 'middle', 'right'])),
      /** Whether it surely asks about those, so that an answer is due. */
      isQuestion: z.boolean(),
      /** What was wanted before it. */
      before: wantedSchema,
    })
    .nullable(),
  /** What the informative head said of the newest frames since then and since the last reply. */
  lately: z.array(z.number()),
  /** The things that were asked for. */
  wanted: wantedSchema,
  /** The languages of the texts, as far as their words tell; none: any. */
  languages: z.array(z.string()),
});

/** See {@link groundedMindSchema}. */
export type GroundedMind = z.infer<typeof groundedMindSchema>;

/** The mind at the beginning of a conversation, before anything was asked: what it says then is English. */
export const groundedBeginning: GroundedMind = {
  ...{ asked: null, lately: [], wanted: 'nothing asked', languages: ['en'] },
};

/** What the two heads say of a frame. */
interface HeadScores {
  readonly informative: number;
  readonly relevance: number;
}

interface Grounded {
  readonly mind: GroundedMind;
  readonly scores: HeadScores;
}

/** What a text that stands says of how and where things move; a question about now names places only for its answer. */
function movementIn({ only, standing, places }: Mentions): Pick<Request, 'only' | 'at'> {
  const [place = null, ...others] = places;
  return { only, at: standing && others.length === 0 ? place : null };
}

type Asked = NonNullable<GroundedMind['asked']>;

function isPast({ frames, chances }: Asked): boolean {
  return chances >= answerFrames || frames >= longestWait;
}

function afterWaiting(asked: Asked, isChance: boolean): Asked {
  return { ...asked, frames: asked.frames + 1, chances: asked.chances + (isChance ? 1 : 0) };
}

/** A question about now waits for a moment in which the things after a cut are known. */
function mayAnswer({ asked }: GroundedMind, { time, scene }: Association): boolean {
  return asked !== null && time - Math.max(scene.start, scene.cut) >= settling;
}

/** Seconds after a cut before a question about now is answered. */
const settling = 0.8;

/** Frames in which a text may be answered, and after which it is not: one cut may follow another. */
const answerFrames = 8;
const longestWait = 40;

/** The rules may see an event up to so many frames later than the decoder. */
const latelyFrames = 6;

/** Seconds for which an event may still be told. */
const heldBack = 1.5;

/** Events are only found again within seconds. */
const mostTold = 200;

/** Things that are remembered as asked for. */
const mostNames = 100;
