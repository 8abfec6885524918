import { detectionShape, type Box } from './detection.js';
import { isAlone } from './judge-slot.js';
import type { SceneMemory } from './scene-memory.js';
import { slotCount, type Slot, type Slots } from './slot.js';

/** Numbers that describe one slot, and numbers that describe the whole picture. */
export const featureSizes = { slot: 53 + detectionShape.classes, frame: 8 } as const;

/** [slots, 133]: facts of each slot, then its class scores; a free slot is all zeros. */
export function slotFeatures(slots: Slots, scene: SceneMemory, time: number): Float32Array {
  const features = new Float32Array(slotCount * featureSizes.slot);
  for (const [index, slot] of slots.entries()) {
    if (slot === null) continue;
    features.set(
      [...factsOf(slot, scene, time), ...judgedFacts(slot, slots, time), ...slot.classes],
      index * featureSizes.slot,
    );
  }
  return features;
}

function factsOf(slot: Slot, scene: SceneMemory, time: number): readonly number[] {
  const { box, first } = slot;
  const lost = time - slot.last;
  const age = time - slot.born;
  const [top, second] = topTwo(slot.classes);
  const x = (box.x1 + box.x2) / 2;
  const y = (box.y1 + box.y2) / 2;
  const height = Math.log(Math.max(box.y2 - box.y1, 1e-3));
  // Where it would be by now, had it gone on.
  const gap = Math.min(lost, 1);
  return [
    ...[1, slot.misses === 0 ? 1 : 0],
    ...[lost / 2, Math.min(age, 4) / 2, Math.min(Math.log1p(age), 5) / 2],
    ...[Math.min(slot.hits, 12) / 6, slot.hitMean],
    ...[...sidesOf(box), ...sidesOf(first)].map(centred),
    ...[Math.log(Math.max(box.x2 - box.x1, 1e-3)) + 1.5, height + 1.5],
    ...[bounded(5 * slot.vx), bounded(5 * slot.vy), bounded(2 * slot.growth)],
    ...[...edgesOf(box), ...edgesOf(first)],
    ...[Math.min(slot.born - scene.start, 4) / 2, slot.bornCut, bounded(10 * slot.bornChange)],
    ...[slot.score, slot.scoreNow, slot.best, top - second, second],
    ...slot.colour.map(centred),
    ...[
      bounded(5 * (x - slot.slowX)),
      bounded(5 * (y - slot.slowY)),
      bounded(2 * (height - slot.slowHeight)),
    ],
    ...[bounded(centred(x + slot.vx * gap)), bounded(centred(y + slot.vy * gap))],
    Math.min(slot.misses, 8) / 4,
  ];
}

/** Whether it is known; how it came and went, fading for two seconds; whether it is alone of its class. */
function judgedFacts(slot: Slot, slots: Slots, time: number): readonly number[] {
  const came = Math.max(0, 1 - (time - slot.cameAt) / 2);
  const went = Math.max(0, 1 - (time - slot.wentAt) / 2);
  const passages = ['left', 'right', 'inside'] as const;
  return [
    slot.known ? 1 : 0,
    ...passages.map((passage) => (slot.came === passage ? came : 0)),
    ...passages.map((passage) => (slot.went === passage ? went : 0)),
    isAlone(slot, slots) ? 1 : 0,
  ];
}

function sidesOf({ x1, y1, x2, y2 }: Box): readonly number[] {
  return [x1, y1, x2, y2];
}

/**
 * How near a box is to the left, right, top and bottom: 1 at the edge, 0.37 a thirtieth of the picture away.
 */
function edgesOf({ x1, y1, x2, y2 }: Box): readonly number[] {
  return [x1, 1 - x2, y1, 1 - y2].map((distance) => Math.exp(-Math.max(distance, 0) * 30));
}

/** The two largest class scores. */
function topTwo(classes: Float64Array): readonly [number, number] {
  let [top, second] = [0, 0];
  for (const value of classes) {
    if (value > top) [top, second] = [value, top];
    else if (value > second) second = value;
  }
  return [top, second];
}

/**
 * [8]: change since the frame before and over the last few, the age of the video, nearness of the last cut,
 * common motion, brightness, sharpness.
 */
export function frameFacts(slots: Slots, scene: SceneMemory, time: number): Float32Array {
  const moving = slots.filter((slot) => slot !== null && slot.misses === 0 && slot.hits > 2);
  const mean = (speed: (slot: Slot) => number) =>
    moving.reduce((sum, slot) => sum + (slot === null ? 0 : speed(slot)), 0) / Math.max(1, moving.length);
  return Float32Array.of(
    ...[bounded(10 * scene.change), bounded(10 * scene.longChange)],
    ...[Math.min(time - scene.start, 4) / 2, Math.exp(-(time - scene.cut))],
    ...[bounded(5 * mean(({ vx }) => vx)), bounded(5 * mean(({ vy }) => vy))],
    ...[centred(scene.brightness), bounded(scene.sharpness)],
  );
}

function bounded(value: number): number {
  return Math.max(-3, Math.min(3, value));
}

/** From 0 ... 1 to -1 ... 1. */
function centred(value: number): number {
  return 2 * value - 1;
}
