import type { Association } from './association.js';
import { groundedBeginning, type EventRequest, type GroundedMind } from './grounded-mind.js';
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

  /**
   * After a frame: its score is the best of late where there is something to say, and 0 where there is not.
   */
  afterFrame(before: GroundedMind, association: Association, scores: HeadScores): Grounded {
    const { asked } = before;
    const mind: GroundedMind = {
      ...before,
      ...this.#askAgain(
        before,
        asked === null || isPast(asked) ? null : afterWaiting(asked, mayAnswer(before, association)),
        association,
      ),
      lately: [...before.lately, scores.informative].slice(-latelyFrames),
    };
    const untold = this.#untold(mind, association);
    const open = untold.length > 0 || mayAnswer(mind, association);
    // What the rules are sure of is worth telling where nothing was asked, or just that; a question is to be
    // answered.
    const sure = untold.filter((event) => this.#isClearlyWanted(mind, event)).map(({ sureness }) => sureness);
    const due = mind.asked?.isQuestion && mayAnswer(mind, association) ? [1] : [];
    const informative = open ? Math.max(...mind.lately, ...sure, ...due) : 0;
    return { mind, scores: { informative, relevance: open ? scores.relevance : 0 } };
  }

  /**
   * After a text of the user, which is named by `place`. What it names is what may be told from then on; if
   * it names nothing, all may. A question about now that `stands` has nothing told but its answer, and that
   * again whenever it is another one.
   */
  afterText(mind: GroundedMind, text: string, { place, stands }: TextPlace): GroundedMind {
    const mentions = this.#sayings.mentionsIn(text);
    const { languages } = mind;
    if (mentions.stops) return { ...groundedBeginning, wanted: [], languages };
    const [names, places] = [[...mentions.names], [...mentions.places]];
    const about = names.length + places.length;
    const isQuestion = /[?？]/.test(text) && about > 0;
    const isFirst = mind.wanted === 'nothing asked';
    const isRepeated = stands && isQuestion && !mentions.standing;
    const wanted = isRepeated ? (isFirst ? [] : mind.wanted) : widened(mind.wanted, mentions, place);
    const asked = { frames: 0, chances: 0, text: place, names, places, isQuestion };
    return {
      asked: mentions.standing ? null : { ...asked, before: stands ? wanted : mind.wanted },
      lately: [],
      wanted,
      languages: [...new Set([...(isFirst ? [] : languages), ...mentions.languages])],
      narrates: about === 0 ? place : mind.narrates,
      repeated: isRepeated ? { text: place, names, places, told: '', change: null } : mind.repeated,
    };
  }

  /** Texts that stood are forgotten, which their places name: nothing is told any more because of them. */
  afterForgetting(mind: GroundedMind, places: readonly number[]): GroundedMind {
    const isGone = (text: number | undefined): boolean => text !== undefined && places.includes(text);
    const { asked, wanted, narrates, repeated } = mind;
    const left = typeof wanted === 'string' ? wanted : wanted.filter(({ text }) => !isGone(text));
    const forgets = left.length < wanted.length || isGone(repeated?.text);
    return {
      ...mind,
      asked: isGone(asked?.text) ? null : asked,
      wanted: left.length === 0 && forgets ? 'nothing asked' : left,
      narrates: narrates !== null && isGone(narrates) ? null : narrates,
      repeated: isGone(repeated?.text) ? null : repeated,
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

  /** The place of the text that a saying answers, or that asked for what it tells; null for none. */
  askedBy(
    { asked, wanted, narrates }: GroundedMind,
    { tells, answers }: Saying,
    seen: Association,
  ): number | null {
    if (answers) return asked?.text ?? null;
    if (typeof wanted === 'string') return narrates;
    const told = happenedIn(seen, heldBack).filter(({ key }) => tells.includes(key));
    return wanted.findLast((request) => told.some((event) => this.#isAskedBy(request, event)))?.text ?? null;
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

  /** A question that stands is asked again once its answer has been another one for a while. */
  #askAgain(
    { repeated, wanted }: GroundedMind,
    asked: Asked | null,
    association: Association,
  ): Pick<GroundedMind, 'asked' | 'repeated'> {
    if (repeated === null) return { asked, repeated };
    const { text, names, places, told, change } = repeated;
    const { time } = association;
    const now = this.#sayings.factsNow(association, repeated);
    if (asked?.text === text) return { asked, repeated: { ...repeated, told: now, change: null } };
    if (now === told) return { asked, repeated: { ...repeated, change: null } };
    if (asked !== null || change?.to !== now) {
      const since = change?.to === now ? change.since : time;
      return { asked, repeated: { ...repeated, change: { to: now, since } } };
    }
    if (time - change.since < settling) return { asked, repeated };
    const again = { ...{ frames: 0, chances: 0, text, names, places }, isQuestion: true, before: wanted };
    return { asked: again, repeated: { ...repeated, told: now, change: null } };
  }

  #isClearlyWanted({ wanted }: GroundedMind, event: Happened): boolean {
    if (typeof wanted === 'string') return wanted === 'nothing asked';
    return wanted.some((request) => request.only !== null && this.#isAskedBy(request, event));
  }

  #isAskedBy({ name, only, at }: EventRequest, { thing, kind, side, slot }: Happened): boolean {
    if (!this.#sayings.isA(thing, name) || (only !== null && !movements[only].includes(kind))) return false;
    return at === null || at === (side === '' ? thirdOf(slot) : side);
  }
}

const movements: Readonly<Record<'coming' | 'going', readonly EventKind[]>> = {
  coming: ['enter', 'appear'],
  going: ['leave', 'vanish'],
};

/** What a text is to a conversation. */
interface TextPlace {
  /** The number by which it is known. */
  readonly place: number;
  /** Whether it stands until it is taken back, rather than being just said. */
  readonly stands: boolean;
}

/** What the two heads say of a frame. */
interface HeadScores {
  readonly informative: number;
  readonly relevance: number;
}

interface Grounded {
  readonly mind: GroundedMind;
  readonly scores: HeadScores;
}

/**
 * What a text that stands says of how and where things move; a question about now names places only for its
 * answer.
 */
function movementIn({ only, standing, places }: Mentions): Pick<EventRequest, 'only' | 'at'> {
  const [place = null, ...others] = places;
  return { only, at: standing && others.length === 0 ? place : null };
}

function widened(wanted: GroundedMind['wanted'], mentions: Mentions, text: number): GroundedMind['wanted'] {
  if (mentions.names.length === 0 || wanted === 'anything') return 'anything';
  const named = mentions.names.map((name) => ({ name, ...movementIn(mentions), text }));
  return [...(wanted === 'nothing asked' ? [] : wanted), ...named].slice(-mostNames);
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
