import { areaOf, commonArea, overlapOf, topClass, type Detection } from './detection.js';
import { valueAt } from './value-at.js';
import type { SceneMemory } from './scene-memory.js';
import type { Slot, Slots } from './slot.js';

/**
 * Begins a slot for a detection that belongs to none, unless it doubles a thing that is being followed or no
 * slot is free and none gives way: a thing that is lost does before one that is seen, and the faint one
 * before the clear one.
 */
export function bear(slots: Slots, scene: SceneMemory, detection: Detection, time: number): Slots {
  if (slots.some((slot) => slot !== null && doubles(slot, detection))) return slots;
  const place = placeFor(slots, detection, time);
  return place === null ? slots : slots.with(place, { number: place, ...newborn(detection, scene, time) });
}

function doubles(slot: Slot, detection: Detection): boolean {
  if (slot.misses > 0) return false;
  const smaller = Math.max(Math.min(areaOf(detection.box), areaOf(slot.box)), 1e-9);
  const same = valueAt(detection.classes, topClass(slot.classes)) > 0.5 * detection.score;
  const inside = commonArea(slot.box, detection.box) / smaller > (same ? 0.75 : 0.9);
  return inside && overlapOf(slot.box, detection.box) > (same ? 0.3 : 0.55);
}

function placeFor(slots: Slots, { score }: Detection, time: number): number | null {
  const free = slots.indexOf(null);
  if (free >= 0) return free;
  let place: number | null = null;
  let weakest = score - 0.1;
  for (const [index, slot] of slots.entries()) {
    if (slot === null) continue;
    const worth = slot.score - (slot.misses > 0 ? 10 + time - slot.last : 0);
    if (worth >= weakest) continue;
    weakest = worth;
    place = index;
  }
  return place;
}

function newborn(
  { box, score, colour, classes }: Detection,
  scene: SceneMemory,
  time: number,
): Omit<Slot, 'number'> {
  return {
    ...{ hits: 1, misses: 0, born: time, last: time },
    ...{ box, first: box, vx: 0, vy: 0, growth: 0 },
    bornCut: Math.exp(-(time - scene.cut) / 0.75),
    bornChange: scene.longChange,
    ...{ score, scoreNow: score, best: score, hitMean: 0.2, colour },
    slowX: (box.x1 + box.x2) / 2,
    slowY: (box.y1 + box.y2) / 2,
    slowHeight: Math.log(Math.max(box.y2 - box.y1, 1e-3)),
    classes,
    ...{ known: false, came: 'open', cameAt: 0, went: 'open', wentAt: 0 },
  };
}
