import { overlapOf, topClass, type Detection } from './detection.js';
import { valueAt } from './value-at.js';
import { foundAgain, missed, slotCount, type Slot, type Slots } from './slot.js';

/**
 * Gives each detection to the slot that it is most like: the best pair first, ties to the lower slot and row.
 * `rest` holds the detections that belong to no slot and are sure enough to begin one.
 */
export function matchSlots(slots: Slots, found: readonly Detection[], time: number): Matched {
  const likenesses = slots.map((slot) =>
    slot !== null && time - slot.last <= matchable
      ? found.map((detection) => likeness(slot, detection, time))
      : [],
  );
  const rowOf = new Map<number, number>();
  const taken = new Set<number>();
  for (let pair = bestPair(likenesses, rowOf, taken); pair !== null;) {
    rowOf.set(pair.slot, pair.row);
    taken.add(pair.row);
    pair = bestPair(likenesses, rowOf, taken);
  }
  const matched = slots.map((slot, index) => {
    const detection = found[rowOf.get(index) ?? -1];
    if (slot === null) return null;
    return detection === undefined ? missed(slot) : foundAgain(slot, detection, time);
  });
  return { slots: matched, rest: found.filter(({ score }, row) => !taken.has(row) && score >= leastToBegin) };
}

/** See {@link matchSlots}. */
interface Matched {
  readonly slots: Slots;
  readonly rest: readonly Detection[];
}

/** Seconds for which a thing that is not found may still be found again. */
const matchable = 2.5;

const leastToBegin = 0.36;

const leastLikeness = 0.15;

function bestPair(
  likenesses: readonly (readonly number[])[],
  rowOf: ReadonlyMap<number, number>,
  taken: ReadonlySet<number>,
): { readonly slot: number; readonly row: number } | null {
  let best = leastLikeness;
  let pair = null;
  for (let slot = 0; slot < slotCount; slot++) {
    if (rowOf.has(slot)) continue;
    const ofSlot = likenesses[slot] ?? [];
    for (const [row, value] of ofSlot.entries()) {
      if (value <= best || taken.has(row)) continue;
      best = value;
      pair = { slot, row };
    }
  }
  return pair;
}

/**
 * Overlap with where the thing should be by now, nearness, and agreement of class and size. At most 0.15:
 * they are not the same thing.
 */
function likeness(slot: Slot, { box, score, classes }: Detection, time: number): number {
  const gap = Math.min(time - slot.last, 1);
  const dx = slot.vx * gap;
  const dy = slot.vy * gap;
  const { x1, y1, x2, y2 } = slot.box;
  const over = overlapOf({ x1: x1 + dx, y1: y1 + dy, x2: x2 + dx, y2: y2 + dy }, box);
  const [width, height] = [x2 - x1, y2 - y1];
  const [width2, height2] = [box.x2 - box.x1, box.y2 - box.y1];
  const size = Math.max(0.25 * (width + height + width2 + height2), 1e-3);
  const awayX = Math.abs(x1 + x2 + 2 * dx - box.x1 - box.x2) / 2;
  const awayY = Math.abs(y1 + y2 + 2 * dy - box.y1 - box.y2) / 2;
  const near = Math.max(0, 1 - (awayX / (1.2 * size) + awayY / (0.7 * size)));
  if (over < 0.05 && near <= 0) return -1;
  const agreement = Math.min(1, valueAt(classes, topClass(slot.classes)) / Math.max(score, 1e-3));
  const otherSize = Math.abs(Math.log(Math.max(width2 * height2, 1e-6) / Math.max(width * height, 1e-6)));
  return over + 0.5 * near - 0.3 * (1 - agreement) - 0.12 * otherSize;
}

/** Frees the slots of things that have been lost for long, sooner when they were hardly seen. */
export function forget(slots: Slots, time: number): Slots {
  return slots.map((slot) => {
    if (slot === null) return null;
    const lost = time - slot.last;
    const patience = slot.hits < 2 ? 0.6 : slot.hits < 3 ? 1.1 : 4;
    return lost > patience ? null : slot;
  });
}
