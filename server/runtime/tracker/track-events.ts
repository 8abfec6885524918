import { topClass, type Box } from '../detector/detection.js';
import type { Association } from '../detector/association.js';
import type { Slot } from '../detector/slot.js';

/** Something that a thing did, told by rules from how it is followed. */
export interface TrackEvent {
  readonly kind: 'comes' | 'appears' | 'leaves' | 'is-gone';
  /** Number of its class. */
  readonly thing: number;
  /** The side of the picture through which it came or went. */
  readonly side: Side | null;
}

type Side = 'left' | 'right';

/** An event with the thing it happened to, and how sure the detector was of that. */
interface FoundEvent {
  readonly event: TrackEvent;
  /** The same whenever the same event is found again. */
  readonly key: string;
  readonly sureness: number;
}

/** What the rules remember of one thing that is followed. */
interface Story {
  readonly slot: Slot;
  /** Whether it was seen well enough to be spoken of, and is spoken of when it goes. */
  readonly known: boolean;
  /** Whether its coming has been judged, and its going. */
  readonly came: boolean;
  readonly went: boolean;
}

/** The things that are followed, by the number of their slot. */
export type Stories = ReadonlyMap<number, Story>;

/** How sure the rules must be. Seconds, shares of the picture, scores. */
interface TrackRules {
  readonly known: { readonly score: number; readonly age: number; readonly hits: number };
  /** How near to a side of the picture a thing comes in or leaves. */
  readonly edge: number;
  /** How far it must have moved away from there to have come in. */
  readonly moved: number;
  /** For how long it must be lost to have left, at a side and elsewhere. */
  readonly lostAtSide: number;
  readonly lostInside: number;
  /** Scores and ages of things that appear after a cut, and out of nothing. */
  readonly afterCut: { readonly score: number; readonly age: number };
  readonly fromNothing: { readonly score: number; readonly age: number };
}

/** Chosen on labelled clips of real streets, rooms and animals; no figure depends much on any of them. */
const trackRules: TrackRules = {
  known: { score: 0.5, age: 0.4, hits: 3 },
  edge: 0.06,
  moved: 0.02,
  lostAtSide: 0.45,
  lostInside: 2,
  afterCut: { score: 0.9, age: 0.5 },
  fromNothing: { score: 0.75, age: 1 },
};

/** The events of one frame, and what is remembered after it. */
export function trackEvents(
  before: Stories,
  { slots, scene, time }: Association,
  rules: TrackRules = trackRules,
): { readonly events: readonly FoundEvent[]; readonly stories: Stories } {
  const events: FoundEvent[] = [];
  const stories = new Map<number, Story>();
  const here = slots.filter((slot) => slot !== null);
  for (const [index, slot] of slots.entries()) {
    if (slot === null) continue;
    const earlier = before.get(index);
    const story = earlier?.slot.born === slot.born ? earlier : newStory(slot);
    const now = { time, start: scene.start, cut: scene.cut, here };
    const { next, found } = goOn({ ...story, slot }, now, rules);
    stories.set(index, next);
    for (const event of found) {
      events.push({
        event,
        key: `${index} ${slot.born} ${event.kind}`,
        sureness: slot.misses > 0 ? slot.best : slot.score,
      });
    }
  }
  return { events, stories };
}

function newStory(slot: Slot): Story {
  return { slot, known: false, came: false, went: false };
}

/** The frame that a story goes on in. */
interface Moment {
  readonly time: number;
  readonly start: number;
  readonly cut: number;
  readonly here: readonly Slot[];
}

function goOn(story: Story, now: Moment, rules: TrackRules): { next: Story; found: readonly TrackEvent[] } {
  const { slot } = story;
  if (!story.known && !isKnown(slot, rules)) return { next: story, found: [] };
  const came = story.came ? null : comingOf(slot, now, rules);
  const went = story.went || slot.misses === 0 ? null : goingOf(slot, now, rules);
  return {
    next: {
      ...{ slot, known: true, came: story.came || came !== null },
      went: slot.misses > 0 && (story.went || went !== null),
    },
    found: [...(came ?? []), ...(went ?? [])],
  };
}

function isKnown({ misses, score, born, last, hits }: Slot, { known }: TrackRules): boolean {
  return misses === 0 && score >= known.score && last - born >= known.age && hits >= known.hits;
}

/** What its coming was; empty: nothing to tell; null: that cannot be said yet. */
function comingOf(slot: Slot, now: Moment, rules: TrackRules): readonly TrackEvent[] | null {
  const { time, start, cut } = now;
  const thing = topClass(slot.classes);
  const age = time - slot.born;
  const appears = [{ kind: 'appears', thing, side: null }] as const;
  if (slot.born - Math.max(start, cut) < 1) {
    if (age >= rules.afterCut.age && slot.score >= rules.afterCut.score) return appears;
    return age > 2 ? [] : null;
  }
  const side = sideOf(slot.first, rules.edge);
  if (side !== null) {
    const away = (centreOf(slot.box) - centreOf(slot.first)) * (side === 'left' ? 1 : -1);
    const grown = widthOf(slot.box) - widthOf(slot.first);
    if (away >= rules.moved || grown >= 2 * rules.moved) return [{ kind: 'comes', thing, side }];
    return age > 3 ? [] : null;
  }
  const sure = age >= rules.fromNothing.age && slot.score >= rules.fromNothing.score;
  if (sure && age <= 3 && isAlone(slot, now)) return appears;
  return age > 3 ? [] : null;
}

/** Whether nothing else of its class is there: in a crowd things are lost and found again. */
function isAlone(slot: Slot, { here }: Moment): boolean {
  const thing = topClass(slot.classes);
  return !here.some((other) => other !== slot && topClass(other.classes) === thing);
}

/** What its going was; empty: nothing to tell; null: that cannot be said yet. */
function goingOf(slot: Slot, now: Moment, rules: TrackRules): readonly TrackEvent[] | null {
  const { time, cut } = now;
  const thing = topClass(slot.classes);
  const lost = time - slot.last;
  if (cut > slot.last) return [];
  const ahead = shifted(slot.box, slot.vx * Math.min(lost, 1));
  const side = sideOf(ahead, rules.edge);
  const outwards = side !== null && slot.vx * (side === 'left' ? -1 : 1) > 0.01;
  if (outwards) return lost >= rules.lostAtSide ? [{ kind: 'leaves', thing, side }] : null;
  if (lost < rules.lostInside) return null;
  const sure = slot.best >= rules.fromNothing.score && slot.last - slot.born > 1.5;
  return sure && isAlone(slot, now) ? [{ kind: 'is-gone', thing, side: null }] : [];
}

function sideOf({ x1, x2 }: Box, edge: number): Side | null {
  if (x1 < edge && x2 < 1 - edge) return 'left';
  return x2 > 1 - edge && x1 > edge ? 'right' : null;
}

function centreOf({ x1, x2 }: Box): number {
  return (x1 + x2) / 2;
}

function widthOf({ x1, x2 }: Box): number {
  return x2 - x1;
}

function shifted({ x1, y1, x2, y2 }: Box, by: number): Box {
  return { x1: x1 + by, y1, x2: x2 + by, y2 };
}
