import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { TurnedBox } from '../../../server/runtime/reader/smallest-box.js';
import { textBoxes } from '../../../server/runtime/reader/text-boxes.js';

const golden = z
  .object({
    cases: z.array(
      z.object({
        width: z.int(),
        height: z.int(),
        map: z.string(),
        boxes: z.array(z.array(z.tuple([z.number(), z.number()]))),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync('test/golden/reading/text-maps.json', 'utf8')));

/** The corners of a box, sorted. */
function cornersOf({ x, y, width, height, angle }: TurnedBox): readonly (readonly [number, number])[] {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const corners = [-1, 1].flatMap((right) =>
    [-1, 1].map((down): [number, number] => {
      const [along, across] = [(right * width) / 2, (down * height) / 2];
      return [x + along * cos - across * sin, y + along * sin + across * cos];
    }),
  );
  return sorted(corners);
}

function sorted(corners: readonly (readonly [number, number])[]) {
  return [...corners].sort((one, other) => one[0] - other[0] || one[1] - other[1]);
}

test.each([...golden.cases.entries()])('finds the boxes that OpenCV finds in map %i', (_, given) => {
  const map = Float32Array.from(inflateSync(Buffer.from(given.map, 'base64')), (value) => value / 255);
  const found = textBoxes({ map, width: given.width, height: given.height });
  expect(found).toHaveLength(given.boxes.length);
  for (const corners of given.boxes) {
    const wanted = sorted(corners);
    // The reference widens along a rounded outline of whole pixels.
    const near = found.some((box) =>
      cornersOf(box).every(
        ([x, y], index) => Math.hypot(x - (wanted[index]?.[0] ?? NaN), y - (wanted[index]?.[1] ?? NaN)) < 2,
      ),
    );
    expect(near, JSON.stringify({ wanted, found })).toBe(true);
  }
});

test('a picture full of print gives the hundred largest lines', () => {
  const map = new Float32Array(640 * 640);
  for (let y = 10; y < 630; y += 1) {
    for (let x = 10; x < 630; x += 1) map[y * 640 + x] = y % 20 < 6 && x % 80 < 60 ? 0.95 : 0;
  }
  const found = textBoxes({ map, width: 640, height: 640 });
  expect(found).toHaveLength(100);
  const areas = found.map(({ width, height }) => width * height);
  expect(areas).toEqual([...areas].sort((one, other) => other - one));
});
