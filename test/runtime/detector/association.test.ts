import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { associate, featuresOf, type Association } from '../../../server/runtime/detector/association.js';

const numbers = z.array(z.number());
const clipSchema = z.object({
  times: numbers,
  scenes: z.array(numbers),
  /** Rows of 88; the empty ones are left out. */
  detections: z.array(z.array(numbers)),
  frames: z.array(numbers),
  slots: z.array(z.array(numbers).nullable()),
});
const { clips } = z
  .object({ clips: z.array(clipSchema) })
  .parse(
    JSON.parse(readFileSync(new URL('../../golden/association/association.json', import.meta.url), 'utf8')),
  );

function rowsOf(detections: readonly (readonly number[])[]): Float64Array {
  const rows = new Float64Array(16 * 88);
  for (const [index, row] of detections.entries()) rows.set(row, index * 88);
  return rows;
}

/** The largest difference of two lists of numbers. */
function farthest(found: ArrayLike<number>, expected: readonly number[]): number {
  expect(found).toHaveLength(expected.length);
  return Math.max(...expected.map((value, index) => Math.abs(value - (found[index] ?? NaN))));
}

test.each(clips.map((clip, index) => [index, clip] as const))(
  'detections become the features that training saw (clip %i)',
  (_, { times, scenes, detections, frames, slots }) => {
    let state: Association | null = null;
    let compared = 0;
    for (const [index, time] of times.entries()) {
      state = associate(state, rowsOf(detections[index] ?? []), scenes[index] ?? [], time);
      const features = featuresOf(state);
      expect(farthest(features.frame, frames[index] ?? [])).toBeLessThan(1e-5);
      const expected = slots[index];
      if (expected == null) continue;
      expect(farthest(features.slots, expected.flat())).toBeLessThan(1e-5);
      compared += 1;
    }
    expect(compared).toBeGreaterThanOrEqual(5);
  },
);

describe('the association', () => {
  const [clip] = clips;
  const follow = (from: Association | null, first: number, last: number): Association => {
    let state = from;
    for (let index = first; index <= last; index++) {
      state = associate(
        state,
        rowsOf(clip?.detections[index] ?? []),
        clip?.scenes[index] ?? [],
        clip?.times[index] ?? NaN,
      );
    }
    if (state === null) throw new Error('no frame came');
    return state;
  };

  test('of a frame is a value that later frames do not change', () => {
    const early = follow(null, 0, 9);
    const later = follow(early, 10, 20);
    follow(early, 12, 15);
    expect(follow(early, 10, 20)).toEqual(later);
  });

  test('survives the way between threads', () => {
    const early = follow(null, 0, 9);
    expect(follow(structuredClone(early), 10, 20)).toEqual(follow(early, 10, 20));
  });
});
