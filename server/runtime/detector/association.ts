import { forget, matchSlots } from './match-slots.js';
import { bear } from './bear-slot.js';
import { readDetections } from './detection.js';
import { judgeSlots } from './judge-slot.js';
import { frameFacts, slotFeatures } from './features.js';
import { isCut, noSceneYet, watchScene, type SceneMemory } from './scene-memory.js';
import { slotCount, type Slots } from './slot.js';

/**
 * Follows things from frame to frame, so that a slot keeps the same thing for as long as that is seen: the
 * tracker between a detector and the decoder that was trained on what it says. It must compute exactly what
 * `models/training/sight/association.py` does, in 64-bit floats and in the same order.
 *
 * @param detections [16, 88]: x1 y1 x2 y2 (0 to 1), score, r g b, 80 class scores; rows without a score are
 * empty
 * @param scene [50]: 4 x 4 mean colours, brightness, sharpness
 * @param time seconds on the video's clock. At the time of the frame before, the same picture is looked at
 * again and nothing changes; at an earlier one, another video begins.
 */
export function associate(
  before: Association | null,
  detections: ArrayLike<number>,
  scene: ArrayLike<number>,
  time: number,
): Association {
  if (before !== null && time === before.time) return before;
  const last = before !== null && time > before.time ? before : null;
  const watched = watchScene(last?.scene ?? noSceneYet(scene, time), scene, time);
  const remembered = last === null || isCut(watched, time) ? noSlots : last.slots;
  const found = readDetections(detections);
  const { slots, rest } = matchSlots(remembered, found, time);
  let grown = slots;
  for (const detection of rest) grown = bear(grown, watched, detection, time);
  return { time, scene: watched, slots: judgeSlots(forget(grown, time), watched, time) };
}

/** What is remembered after a frame. It is never changed, so a frame's state can be returned to. */
export interface Association {
  readonly time: number;
  readonly scene: SceneMemory;
  readonly slots: Slots;
}

/** Whether a value is an association, as it comes back from another thread. */
export function isAssociation(value: unknown): value is Association {
  return (
    typeof value === 'object' && value !== null && ['time', 'scene', 'slots'].every((name) => name in value)
  );
}

/** What the decoder's tokens are made of: [12, 133] numbers of the slots and [8] of the whole picture. */
export function featuresOf({ time, scene, slots }: Association): AssociationFeatures {
  return { slots: slotFeatures(slots, scene, time), frame: frameFacts(slots, scene, time) };
}

/** See {@link featuresOf}. */
interface AssociationFeatures {
  readonly slots: Float32Array;
  readonly frame: Float32Array;
}

const noSlots: Slots = Array.from({ length: slotCount }, () => null);
