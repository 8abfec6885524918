import type { Association } from './association.js';
import { topClass } from './detection.js';
import type { EventKind, Third } from './sentences.js';
import type { Slot } from './slot.js';

/** Something that a thing did, as the rules of the association judge. */
export interface Happened {
  readonly kind: EventKind;
  /** Number of its class. */
  readonly thing: number;
  /** The side of the picture through which it came or went; '': none. */
  readonly side: 'left' | 'right' | '';
  /** Seconds on the video's clock. */
  readonly time: number;
  /** How sure the detector was of the thing, from 0 to 1. */
  readonly sureness: number;
  /** The same whenever the same event is found again. */
  readonly key: string;
  readonly slot: Slot;
}

/** What was judged to happen in the newest frame, and up to `seconds` before it. */
export function happenedIn({ slots, time }: Association, seconds = 0): readonly Happened[] {
  return slots.flatMap((slot) =>
    slot === null ? [] : eventsOf(slot).filter((event) => time - event.time <= seconds),
  );
}

function eventsOf(slot: Slot): readonly Happened[] {
  const found: Happened[] = [];
  const thing = topClass(slot.classes);
  const add = (kind: EventKind, side: Happened['side'], time: number, sureness: number) => {
    const key = `${slot.number} ${slot.born} ${kind} ${time}`;
    found.push({ kind, thing, side, time, sureness, key, slot });
  };
  if (slot.known) {
    if (slot.came === 'inside') add('appear', '', slot.cameAt, slot.score);
    if (slot.came === 'left' || slot.came === 'right') add('enter', slot.came, slot.cameAt, slot.score);
  }
  if (slot.misses > 0) {
    if (slot.went === 'inside') add('vanish', '', slot.wentAt, slot.best);
    if (slot.went === 'left' || slot.went === 'right') add('leave', slot.went, slot.wentAt, slot.best);
  }
  return found;
}

/**
 * The things that are known and were found just now; a moment in which the detector misses one is bridged.
 */
export function presentIn({ slots, time }: Association): readonly Slot[] {
  return slots.flatMap((slot) => (slot?.known && time - slot.last <= bridged ? [slot] : []));
}

/** Seconds. */
const bridged = 0.6;

/** The third of the picture in which its middle is. */
export function thirdOf({ box }: Slot): Third {
  const centre = (box.x1 + box.x2) / 2;
  if (centre < 1 / 3) return 'left';
  return centre > 2 / 3 ? 'right' : 'middle';
}

/** The same, but '' near the borders between two. */
export function clearThirdOf(slot: Slot): Third | '' {
  const centre = (slot.box.x1 + slot.box.x2) / 2;
  const place = thirdOf(slot);
  const isClear = place === 'middle' ? Math.abs(centre - 0.5) < 0.13 : Math.abs(centre - 0.5) > 0.2;
  return isClear ? place : '';
}
