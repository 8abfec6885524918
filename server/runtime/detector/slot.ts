import type { Box, Colour, Detection } from './detection.js';
import { valueAt } from './value-at.js';

/** A thing that is followed, as of the last frame. Speeds are in pictures a second. */
export interface Slot {
  /** Its place among the slots. */
  readonly number: number;
  /** Frames in which it was found, and frames in a row in which it was not. */
  readonly hits: number;
  readonly misses: number;
  /** When it was first and last found. */
  readonly born: number;
  readonly last: number;
  /** Where it was last and first found. */
  readonly box: Box;
  readonly first: Box;
  readonly vx: number;
  readonly vy: number;
  /** Speed of the logarithm of its height. */
  readonly growth: number;
  /** How near the last cut, and how changed the picture, when it was first found. */
  readonly bornCut: number;
  readonly bornChange: number;
  /** Its score: smoothed, now (0 if not found), and the best so far. */
  readonly score: number;
  readonly scoreNow: number;
  readonly best: number;
  /** How often it was found of late, from 0 to 1. */
  readonly hitMean: number;
  readonly colour: Colour;
  /** A slow mean of its centre and of the logarithm of its height. */
  readonly slowX: number;
  readonly slowY: number;
  readonly slowHeight: number;
  /** Smoothed class scores. */
  readonly classes: Float64Array;
  /** Whether it was once seen well enough to be spoken of. */
  readonly known: boolean;
  /** How it came and went, by rules, and when that was last judged. */
  readonly came: Passage;
  readonly cameAt: number;
  readonly went: Passage;
  readonly wentAt: number;
}

/**
 * How a thing came or went: not judged yet (`open`), through a side of the picture, inside of it (it
 * appeared, it is gone), or in no way that is worth telling.
 */
type Passage = 'open' | 'left' | 'right' | 'inside' | 'nothing';

/** Slots by number; null: free. */
export type Slots = readonly (Slot | null)[];

/** Things that are followed at once. */
export const slotCount = 12;

/** The slot of a thing that was found again. */
export function foundAgain(slot: Slot, { box, score, colour, classes }: Detection, time: number): Slot {
  const gap = Math.max(time - slot.last, 1e-3);
  const weight = slot.hits < 2 ? 0.7 : 0.4;
  const x = (box.x1 + box.x2) / 2;
  const y = (box.y1 + box.y2) / 2;
  const height = Math.max(box.y2 - box.y1, 1e-3);
  const grown = Math.log(height / Math.max(slot.box.y2 - slot.box.y1, 1e-3)) / gap;
  return {
    ...slot,
    vx: slot.vx + weight * ((x - (slot.box.x1 + slot.box.x2) / 2) / gap - slot.vx),
    vy: slot.vy + weight * ((y - (slot.box.y1 + slot.box.y2) / 2) / gap - slot.vy),
    growth: slot.growth + 0.3 * (grown - slot.growth),
    box,
    slowX: slot.slowX + 0.12 * (x - slot.slowX),
    slowY: slot.slowY + 0.12 * (y - slot.slowY),
    slowHeight: slot.slowHeight + 0.12 * (Math.log(height) - slot.slowHeight),
    hits: slot.hits + 1,
    last: time,
    misses: 0,
    scoreNow: score,
    score: slot.score + 0.25 * (score - slot.score),
    best: Math.max(slot.best, score),
    hitMean: slot.hitMean + 0.2 * (1 - slot.hitMean),
    colour: mixed(slot.colour, colour),
    classes: slot.classes.map((value, kind) => value + 0.25 * (valueAt(classes, kind) - value)),
  };
}

function mixed(before: Colour, now: Colour): Colour {
  const mix = (part: 0 | 1 | 2) => before[part] + 0.2 * (now[part] - before[part]);
  return [mix(0), mix(1), mix(2)];
}

/** The slot of a thing that was not found in this frame. */
export function missed(slot: Slot): Slot {
  return { ...slot, misses: slot.misses + 1, scoreNow: 0, hitMean: slot.hitMean * 0.8 };
}
