import { topClass, type Box } from './detection.js';
import type { SceneMemory } from './scene-memory.js';
import type { Slot, Slots } from './slot.js';

/**
 * What a few rules make of the coming and going of the things that are followed: a decoder hears of it and
 * decides, a tracker believes it.
 */
export function judgeSlots(slots: Slots, scene: SceneMemory, time: number): Slots {
  return slots.map((slot) => (slot === null ? null : judged(slot, { slots, scene, time })));
}

/** What is there when a slot is judged. */
interface Moment {
  readonly slots: Slots;
  readonly scene: SceneMemory;
  readonly time: number;
}

function judged(slot: Slot, now: Moment): Slot {
  const { time } = now;
  const age = time - slot.born;
  if (!slot.known && (slot.misses > 0 || slot.score < 0.5 || age < 0.4 || slot.hits < 3)) return slot;
  const coming = slot.came === 'open' ? { came: comingOf(slot, age, now), cameAt: time } : {};
  return { ...slot, known: true, ...coming, ...going(slot, now) };
}

function going(slot: Slot, now: Moment): Partial<Slot> {
  if (slot.misses === 0) return { went: 'open' };
  return slot.went === 'open' ? { went: goingOf(slot, now), wentAt: now.time } : {};
}

/**
 * In at a side when it was first found there and has moved away or grown since; in the open when it is well
 * seen, and either the scene is new or nothing of its class is about.
 */
function comingOf(slot: Slot, age: number, { slots, scene }: Moment): Passage {
  if (slot.born - Math.max(scene.start, scene.cut) < 1) {
    // People are hardly ever seen where there are none.
    const sure = topClass(slot.classes) === 0 ? 0.7 : 0.9;
    if (age >= 0.5 && slot.score >= sure) return 'inside';
    return age > 2 ? 'nothing' : 'open';
  }
  const { box, first } = slot;
  const side = sideOf(first);
  if (side !== 'open') {
    const away = (box.x1 + box.x2 - first.x1 - first.x2) / 2;
    const grown = box.x2 - box.x1 - first.x2 + first.x1;
    if ((side === 'left' ? away : -away) >= 0.02 || grown >= 0.04) return side;
  } else if (age >= 1 && age <= 3 && slot.score >= 0.75 && isAlone(slot, slots)) return 'inside';
  return age > 3 ? 'nothing' : 'open';
}

/**
 * Out at a side when it was on its way there; gone when it was well seen, has been lost for two seconds, and
 * nothing of its class is about.
 */
function goingOf(slot: Slot, { slots, time }: Moment): Passage {
  const lost = time - slot.last;
  const ahead = slot.vx * Math.min(lost, 1);
  const side = sideOf({ x1: slot.box.x1 + ahead, x2: slot.box.x2 + ahead });
  if ((side === 'left' && slot.vx < -0.01) || (side === 'right' && slot.vx > 0.01)) {
    return lost >= 0.45 ? side : 'open';
  }
  if (lost < 2) return 'open';
  const clear = slot.best >= 0.75 && slot.last - slot.born > 1.5;
  return clear && isAlone(slot, slots) ? 'inside' : 'nothing';
}

type Passage = Slot['came'];

/** The side of the picture at which a thing is, if at one alone. */
function sideOf({ x1, x2 }: Pick<Box, 'x1' | 'x2'>): 'left' | 'right' | 'open' {
  if (x1 < 0.06 && x2 < 0.94) return 'left';
  return x2 > 0.94 && x1 > 0.06 ? 'right' : 'open';
}

/** Whether no other slot holds a thing of its class: in a crowd things are lost and found again. */
export function isAlone(slot: Slot, slots: Slots): boolean {
  const kind = topClass(slot.classes);
  return !slots.some(
    (other) => other !== null && other.number !== slot.number && topClass(other.classes) === kind,
  );
}
