import type { Association } from '../detector/association.js';
import { topClass } from '../detector/detection.js';
import type { Slot } from '../detector/slot.js';

/** Something that a thing did, by the rules of the association. */
export interface TrackEvent {
  readonly kind: 'comes' | 'appears' | 'leaves' | 'is-gone';
  /** Number of its class. */
  readonly thing: number;
  /** The side of the picture through which it came or went. */
  readonly side: 'left' | 'right' | null;
}

/** An event with the thing it happened to, and how sure the detector was of that. */
interface FoundEvent {
  readonly event: TrackEvent;
  /** The same whenever the same event is found again. */
  readonly key: string;
  /** From 0 to 1. */
  readonly sureness: number;
}

/** What has been judged to happen in the newest frame. */
export function trackEvents({ slots, time }: Association): readonly FoundEvent[] {
  return slots.flatMap((slot) => (slot === null ? [] : eventsOf(slot, time)));
}

function eventsOf(slot: Slot, time: number): readonly FoundEvent[] {
  const thing = topClass(slot.classes);
  const found: FoundEvent[] = [];
  const add = (event: TrackEvent, sureness: number) => {
    found.push({ event, sureness, key: `${slot.number} ${slot.born} ${event.kind} ${time}` });
  };
  if (slot.known && slot.cameAt === time) {
    if (slot.came === 'inside') add({ kind: 'appears', thing, side: null }, slot.score);
    if (slot.came === 'left' || slot.came === 'right') {
      add({ kind: 'comes', thing, side: slot.came }, slot.score);
    }
  }
  if (slot.misses > 0 && slot.wentAt === time) {
    if (slot.went === 'inside') add({ kind: 'is-gone', thing, side: null }, slot.best);
    if (slot.went === 'left' || slot.went === 'right') {
      add({ kind: 'leaves', thing, side: slot.went }, slot.best);
    }
  }
  return found;
}
